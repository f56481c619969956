DROP FUNCTION parties_find_partner_key;
DROP FUNCTION parties_key_stands;
DROP FUNCTION parties_find_key;
DROP VIEW parties_sign_in;
ALTER TABLE parties_partner_key DROP CONSTRAINT partner_key_networks_are_networks;
ALTER TABLE parties_apikey
    DROP CONSTRAINT api_key_origin_of_same_merchant,
    DROP CONSTRAINT api_key_networks_are_networks;

-- Everything a till's sign-in needs, per key. The stamp changes with anything that a sign-in depends on.
CREATE VIEW parties_sign_in AS
SELECT key.prefix, key.id, key.digest::text, key.mode::text, key.scopes::text[],
    key.revoked_at IS NOT NULL AS revoked,
    key.partner_id IS NOT NULL AND (granted.id IS NULL OR granted.withdrawn_at IS NOT NULL) AS withdrawn,
    key.last_used_at, merchant.id AS merchant_id, merchant.name::text AS merchant_name,
    merchant.currency::text, merchant.language::text, merchant.timezone::text, store.id AS store_id,
    store.reference::text AS store_reference, store.channel::text, store.currency::text AS store_currency,
    store.timezone::text AS store_timezone, terminal.id AS terminal_id,
    terminal.reference::text AS terminal_reference,
    md5(ROW(key.id, key.digest, key.mode, key.scopes, key.revoked_at, key.partner_id, granted.id,
        granted.withdrawn_at, merchant.id, merchant.name, merchant.currency, merchant.language,
        merchant.timezone, store.id, store.reference, store.channel, store.currency,
        store.timezone, terminal.id, terminal.reference)::text) AS stamp
FROM parties_apikey key
JOIN parties_merchant merchant ON merchant.id = key.merchant_id
LEFT JOIN parties_store store ON store.id = key.store_id
LEFT JOIN parties_terminal terminal ON terminal.id = key.terminal_id
LEFT JOIN parties_partnergrant granted
    ON granted.merchant_id = key.merchant_id AND granted.partner_id = key.partner_id;

-- A function, because a server session keeps its plan: planning five joins for every call costs more than
-- running them.
CREATE FUNCTION parties_find_key(the_prefix text) RETURNS SETOF parties_sign_in
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM parties_sign_in WHERE prefix = the_prefix;
END
$$;

-- Says whether what a process remembers of a key is still all there is to know.
CREATE FUNCTION parties_key_stands(the_prefix text, the_stamp text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM parties_sign_in WHERE prefix = the_prefix AND stamp = the_stamp);
END
$$;
