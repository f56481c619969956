-- Book many postings at once, each of one amount that goes from a giver to a taker (less than nothing goes the other
-- way); return their number. The bulk twin of ledger_transfer, for a bank statement of a hundred thousand lines:
-- accounts are named by their id and exist, none has a floor, and a name that was booked before is refused
-- (posting_once) because whoever books in bulk claims what it books first. Raises OK103 for an amount of nothing.
CREATE FUNCTION ledger_transfer_many(
    the_kind text, the_mode text, booked timestamptz,
    the_references text[], givers bigint[], takers bigint[], the_amounts bigint[]
) RETURNS bigint
LANGUAGE plpgsql SET ok.ledger = 'posting' AS $$
DECLARE
    posted bigint;
BEGIN
    IF 0 = ANY (the_amounts) THEN
        RAISE EXCEPTION '% of nothing', the_kind USING ERRCODE = 'OK103';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT giver, taker FROM unnest(givers, takers) AS pair (giver, taker)) AS pair
        LEFT JOIN payments_account gives ON gives.id = pair.giver
        LEFT JOIN payments_account takes ON takes.id = pair.taker
        WHERE (gives.mode, takes.mode, gives.asset) IS DISTINCT FROM (the_mode, the_mode, takes.asset)
            OR gives.floor IS NOT NULL OR takes.floor IS NOT NULL
    ) THEN
        RAISE EXCEPTION '% between accounts of another mode, of two assets or with a floor', the_kind
            USING ERRCODE = 'restrict_violation';
    END IF;
    WITH line AS (
        SELECT * FROM unnest(the_references, givers, takers, the_amounts) AS line (reference, giver, taker, amount)
    ), posting AS (
        INSERT INTO payments_posting (kind, reference, mode, booked_at)
        SELECT the_kind, reference, the_mode, booked FROM line
        RETURNING id, reference
    )
    INSERT INTO payments_entry (posting_id, number, account_id, amount)
    SELECT posting.id, side.number, side.account, side.amount
    FROM posting JOIN line ON line.reference = posting.reference
    CROSS JOIN LATERAL (
        VALUES (1, line.giver, -line.amount), (2, line.taker, line.amount)
    ) AS side (number, account, amount);
    GET DIAGNOSTICS posted = ROW_COUNT;
    RETURN posted / 2;
END
$$;
