-- Everything a till's sign-in needs, by the prefix of its key. A function, because a server session
-- keeps its plan: planning five joins for every call costs more than running them. The stamp changes
-- with anything that a sign-in depends on.
CREATE FUNCTION parties_find_key(the_prefix text) RETURNS TABLE (
    id bigint, digest text, mode text, scopes text[], revoked boolean, withdrawn boolean,
    last_used_at timestamptz, merchant_id bigint, merchant_name text, currency text, language text,
    timezone text, store_id bigint, store_reference text, channel text, store_currency text,
    store_timezone text, terminal_id bigint, terminal_reference text, stamp text
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT key.id, key.digest::text, key.mode::text, key.scopes::text[], key.revoked_at IS NOT NULL,
        key.partner_id IS NOT NULL AND (granted.id IS NULL OR granted.withdrawn_at IS NOT NULL),
        key.last_used_at, merchant.id, merchant.name::text, merchant.currency::text,
        merchant.language::text, merchant.timezone::text, store.id, store.reference::text,
        store.channel::text, store.currency::text, store.timezone::text, terminal.id,
        terminal.reference::text,
        md5(ROW(key.id, key.digest, key.mode, key.scopes, key.revoked_at, key.partner_id, granted.id,
            granted.withdrawn_at, merchant.id, merchant.name, merchant.currency, merchant.language,
            merchant.timezone, store.id, store.reference, store.channel, store.currency,
            store.timezone, terminal.id, terminal.reference)::text)
    FROM parties_apikey key
    JOIN parties_merchant merchant ON merchant.id = key.merchant_id
    LEFT JOIN parties_store store ON store.id = key.store_id
    LEFT JOIN parties_terminal terminal ON terminal.id = key.terminal_id
    LEFT JOIN parties_partnergrant granted
        ON granted.merchant_id = key.merchant_id AND granted.partner_id = key.partner_id
    WHERE key.prefix = the_prefix;
END
$$;

-- Says whether what a process remembers of a key is still all there is to know; without a key, it is.
CREATE FUNCTION parties_key_stands(the_prefix text, the_stamp text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN the_prefix IS NULL
        OR EXISTS (SELECT FROM parties_find_key(the_prefix) AS found WHERE found.stamp = the_stamp);
END
$$;
