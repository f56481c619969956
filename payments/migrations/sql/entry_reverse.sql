DROP TABLE payments_entry;
