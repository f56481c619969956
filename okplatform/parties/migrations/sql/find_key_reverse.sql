DROP FUNCTION parties_key_stands;
DROP FUNCTION parties_find_key;
DROP VIEW parties_sign_in;
