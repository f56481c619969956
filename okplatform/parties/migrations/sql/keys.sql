-- Only networks, as PostgreSQL knows them; the cast fails for anything else.
ALTER TABLE parties_apikey
    ADD CONSTRAINT api_key_networks_are_networks CHECK (networks::cidr[] IS NOT NULL);
ALTER TABLE parties_partner_key
    ADD CONSTRAINT partner_key_networks_are_networks CHECK (networks::cidr[] IS NOT NULL);

ALTER TABLE parties_apikey
    ADD CONSTRAINT api_key_origin_of_same_merchant
    FOREIGN KEY (merchant_id, origin_id) REFERENCES parties_apikey (merchant_id, id);

-- As find_key.sql has it, with what a key is held to besides.
CREATE OR REPLACE VIEW parties_sign_in AS
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
        store.timezone, terminal.id, terminal.reference, key.networks, key.calls_per_minute,
        key.refunds_a_day, key.refunds_a_reference, key.origin_id, key.ends_at,
        merchant.reference)::text) AS stamp,
    merchant.reference::text AS merchant_reference, key.ends_at, key.networks::text[],
    key.calls_per_minute, coalesce(key.origin_id, key.id) AS counts_as, key.refunds_a_day,
    key.refunds_a_reference
FROM parties_apikey key
JOIN parties_merchant merchant ON merchant.id = key.merchant_id
LEFT JOIN parties_store store ON store.id = key.store_id
LEFT JOIN parties_terminal terminal ON terminal.id = key.terminal_id
LEFT JOIN parties_partnergrant granted
    ON granted.merchant_id = key.merchant_id AND granted.partner_id = key.partner_id;

-- Everything the sign-in of a partner's own key needs, for the merchant and the place that a call names.
-- A key that there is has its row, whatever is named; what is not found is NULL.
CREATE FUNCTION parties_find_partner_key(
    the_prefix text, the_merchant text, the_store text, the_terminal text
) RETURNS TABLE (
    id bigint, digest text, mode text, scopes text[], revoked boolean, networks text[],
    last_used_at timestamptz, grant_id bigint, withdrawn boolean, granted text[], refunds_a_day bigint,
    refunds_a_reference bigint, merchant_id bigint, merchant_name text, currency text, language text,
    timezone text, store_id bigint, store_reference text, channel text, store_currency text,
    store_timezone text, terminal_id bigint, terminal_reference text
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT key.id, key.digest::text, key.mode::text, key.scopes::text[], key.revoked_at IS NOT NULL,
        key.networks::text[], key.last_used_at, granting.id, granting.withdrawn_at IS NOT NULL,
        CASE key.mode WHEN 'live' THEN granting.live_scopes ELSE granting.test_scopes END::text[],
        granting.refunds_a_day, granting.refunds_a_reference, merchant.id, merchant.name::text,
        merchant.currency::text, merchant.language::text, merchant.timezone::text, store.id,
        store.reference::text, store.channel::text, store.currency::text, store.timezone::text,
        terminal.id, terminal.reference::text
    FROM parties_partner_key key
    LEFT JOIN parties_merchant merchant ON merchant.reference = the_merchant
    LEFT JOIN parties_partnergrant granting
        ON granting.merchant_id = merchant.id AND granting.partner_id = key.partner_id
    LEFT JOIN parties_store store ON store.merchant_id = merchant.id AND store.reference = the_store
    LEFT JOIN parties_terminal terminal
        ON terminal.store_id = store.id AND terminal.reference = the_terminal
    WHERE key.prefix = the_prefix;
END
$$;
