DROP TRIGGER handle_stays_used ON wallet_handle;
DROP FUNCTION wallet_handle_stays_used();
ALTER TABLE wallet_receipt DROP CONSTRAINT receipt_sale_in_mode;
ALTER TABLE wallet_receipt DROP CONSTRAINT receipt_person_in_mode;
ALTER TABLE wallet_device DROP CONSTRAINT device_person_in_mode;
