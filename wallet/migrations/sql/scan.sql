-- What every member's sale asks and says. Functions, because a server session keeps their plans:
-- planning a join over four tables anew costs more than running it.
CREATE TYPE wallet_found AS (
    throttled_since timestamptz, sale_ref text, used_at timestamptz, funding_ref bigint,
    device_id bigint, device_uuid uuid, public_key bytea, mode text, blocked boolean,
    person_id bigint, name text
);

-- Always one row, so that an unknown handle still says whether the till is throttled. A name leaves
-- the database only through a consent in force. In SQL, so that it becomes a part of the statement that asks.
CREATE FUNCTION wallet_find_code(asked bigint, at_merchant bigint, till text[], since timestamptz)
RETURNS SETOF wallet_found LANGUAGE sql STABLE AS $$
    SELECT
        (SELECT max(guess.opened_at) FROM wallet_guesswindow guess
         WHERE guess.bucket = ANY (till) AND guess.wrong >= guess.allowed
           AND guess.opened_at > since),
        handle.sale_ref, handle.used_at, handle.funding_ref,
        device.id, device.uuid, device.public_key, device.mode::text,
        device.blocked_at IS NOT NULL OR NOT person.is_active,
        person.id,
        CASE WHEN consent.id IS NOT NULL THEN nullif(person.name::text, '') END
    FROM (SELECT asked AS number) code
    LEFT JOIN wallet_handle handle ON handle.number = code.number
    LEFT JOIN wallet_device device ON device.id = handle.device_id
    LEFT JOIN parties_person person ON person.id = device.person_id
    LEFT JOIN wallet_consent consent
        ON consent.person_id = person.id AND consent.merchant_id = at_merchant
        AND consent.purpose = 'identity' AND consent.withdrawn_at IS NULL;
$$;

-- Refuses what another sale has used (OK201) and what a blocked phone shows (OK202). Conditional, never
-- check-then-write: of 64 sales at once exactly one gets the row. A repeat by the same sale leaves the
-- first moment of use.
CREATE FUNCTION wallet_bind_handle(the_number bigint, the_sale text, at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE wallet_handle handle
    SET used_at = coalesce(handle.used_at, at), sale_ref = the_sale
    FROM wallet_device device
    WHERE handle.number = the_number
      AND (handle.sale_ref IS NULL OR handle.sale_ref = the_sale)
      AND device.id = handle.device_id AND device.blocked_at IS NULL;
    IF FOUND THEN
        RETURN;
    END IF;
    PERFORM FROM wallet_handle handle JOIN wallet_device device ON device.id = handle.device_id
    WHERE handle.number = the_number AND device.blocked_at IS NOT NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'the phone is blocked' USING ERRCODE = 'OK202';
    END IF;
    RAISE EXCEPTION 'another sale has used the handle' USING ERRCODE = 'OK201';
END
$$;

-- Lines of "who looked", each array one column.
CREATE FUNCTION wallet_record_disclosures(
    person_ids bigint[], merchant_ids bigint[], actor_kinds text[], actor_ids text[], actor_names text[],
    purposes text[], whats text[], moments timestamptz[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO wallet_disclosure
        (person_id, merchant_id, actor_kind, actor_id, actor_name, purpose, what, at)
    SELECT * FROM unnest(
        person_ids, merchant_ids, actor_kinds, actor_ids, actor_names, purposes, whats, moments);
END
$$;
