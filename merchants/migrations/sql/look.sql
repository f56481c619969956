-- All that a sale is priced by, in one look: whether the till's sign-in still stands (parties_sign_in), an id for
-- the sale, whose code was scanned (wallet_find_code), and what the merchant's rules stand beside (loyalty_snapshot)
-- for that person, or for the one whom the sale remembers. A function, because its plan is kept; one, because a
-- round trip costs more than what it asks.
CREATE FUNCTION checkout_look(
    key_prefix text, key_stamp text, asked bigint, till text[], since timestamptz, remembered bigint,
    at_merchant bigint, the_mode text, limited bigint[]
) RETURNS TABLE (
    key_stands boolean, sale_id bigint, throttled_since timestamptz, sale_ref text, used_at timestamptz,
    funding_ref bigint, device_id bigint, device_uuid uuid, public_key bytea, device_mode text,
    blocked boolean, person_id bigint, name text, version int, newest_category bigint,
    member_id bigint, points bigint, carry int, joined_at timestamptz, left_of jsonb
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
    SELECT
        key_prefix IS NULL
            OR EXISTS (SELECT FROM parties_sign_in WHERE prefix = key_prefix AND stamp = key_stamp),
        nextval('trade_sale_id_seq'), code.*, seen.*
    FROM wallet_find_code(asked, at_merchant, till, since) AS code
    LEFT JOIN LATERAL loyalty_snapshot(
        at_merchant, coalesce(code.person_id, remembered), the_mode, limited) AS seen ON true;
END
$$;
