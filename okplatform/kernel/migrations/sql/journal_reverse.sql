DROP FUNCTION kernel_write_journal;
