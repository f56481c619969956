DROP FUNCTION parties_find_key;
