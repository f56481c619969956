-- Where a sale takes place, by what the till says; a function for the reason find_key.sql gives.
CREATE FUNCTION parties_find_store(the_merchant bigint, the_store text, the_terminal text)
RETURNS TABLE (
    store_id bigint, store_reference text, channel text, currency text, timezone text,
    terminal_id bigint, terminal_reference text
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT store.id, store.reference::text, store.channel::text, store.currency::text,
        store.timezone::text, terminal.id, terminal.reference::text
    FROM parties_store store
    LEFT JOIN parties_terminal terminal
        ON terminal.store_id = store.id AND terminal.reference = the_terminal
    WHERE store.merchant_id = the_merchant AND store.reference = the_store;
END
$$;
