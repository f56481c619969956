DROP FUNCTION parties_find_store;
