DROP FUNCTION wallet_record_disclosures;
DROP FUNCTION wallet_bind_handle;
DROP FUNCTION wallet_find_code;
DROP TYPE wallet_found;
