-- The ledger's engine. A sale books in one call, and no call locks an account that it only credits.
--
-- A function keeps its plans for the life of the server session, perhaps from when the tables were empty: the
-- settings leave it no way but the indexes, and no reason to plan anew for each call's arrays.

-- Find an account, or open it with the floor that the chart gives its kind.
CREATE FUNCTION ledger_open(
    the_kind text, the_owner_type text, the_owner bigint, the_asset text, the_mode text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found_id bigint;
BEGIN
    INSERT INTO payments_account (kind, owner_type, owner_id, asset, mode, floor)
    SELECT the_kind, the_owner_type, the_owner, the_asset, the_mode,
        CASE WHEN credit_floor THEN (SELECT merchant.credit_floor FROM parties_merchant merchant
                                     WHERE merchant.id = the_owner)
             ELSE floor END
    FROM payments_account_kind WHERE kind = the_kind
    ON CONFLICT (owner_id, kind, asset, mode) DO NOTHING
    RETURNING id INTO found_id;
    IF found_id IS NULL THEN
        -- Somebody opened it; a statement of its own, so that it sees what they have committed since.
        SELECT id INTO found_id FROM payments_account
        WHERE owner_id = the_owner AND kind = the_kind AND owner_type = the_owner_type
            AND asset = the_asset AND mode = the_mode;
    END IF;
    IF found_id IS NULL THEN
        RAISE EXCEPTION 'the chart of accounts has no % of a %', the_kind, the_owner_type
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN found_id;
END
$$;

-- What an account holds, exactly: its folded balance and the entries since its watermark, in one snapshot.
-- Transaction numbers start anew when a dump is restored into another server: then a watermark may lie in the
-- future, entries would be missed, and it is better to answer nothing at all (OK104).
CREATE FUNCTION ledger_balance(the_account bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    held record;
BEGIN
    SELECT coalesce(balance.folded, 0) + coalesce((
            SELECT sum(entry.amount) FROM payments_entry entry
            WHERE entry.account_id = the_account AND entry.xid >= coalesce(balance.upto, '0'::xid8)
        ), 0)::bigint AS amount,
        balance.upto > pg_snapshot_xmax(pg_current_snapshot()) AS is_foreign
    INTO held
    FROM (SELECT) AS nothing LEFT JOIN payments_balance balance ON balance.account_id = the_account;
    IF held.is_foreign THEN
        RAISE EXCEPTION 'the ledger comes from another server: run manage.py rebuild_balances'
            USING ERRCODE = 'OK104';
    END IF;
    RETURN held.amount;
END
$$;

-- The same by name; 0 where nothing was ever booked.
CREATE FUNCTION ledger_balance_for(
    the_kind text, the_owner bigint, the_asset text, the_mode text
) RETURNS bigint LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    found_id bigint;
BEGIN
    SELECT id INTO found_id FROM payments_account
    WHERE owner_id = the_owner AND kind = the_kind AND asset = the_asset AND mode = the_mode;
    IF found_id IS NULL THEN
        RETURN 0;
    END IF;
    RETURN ledger_balance(found_id);
END
$$;

-- Refuse (OK101) what would take one of these accounts below its floor. Only such debits lock, in one order;
-- credits flow on meanwhile. The balance is read in a statement of its own, after the lock: it sees what the
-- last holder of the lock has booked. The lock is on the account, so that folding never waits for a sale.
CREATE FUNCTION ledger_hold_floors(the_accounts bigint[], the_amounts bigint[], the_debits bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    held record;
    change bigint;
BEGIN
    FOR held IN
        SELECT id, floor FROM payments_account WHERE id = ANY (the_debits) ORDER BY id FOR NO KEY UPDATE
    LOOP
        SELECT sum(amount) INTO change
        FROM unnest(the_accounts, the_amounts) AS line (account, amount) WHERE account = held.id;
        IF change < 0 AND ledger_balance(held.id) + change < held.floor THEN
            RAISE EXCEPTION 'account % would go below its floor', held.id
                USING ERRCODE = 'OK101', DETAIL = held.id;
        END IF;
    END LOOP;
END
$$;

-- Return the posting of this name if its lines are these; refuse (OK102) other lines under a name once used.
CREATE FUNCTION ledger_same_posting(
    the_kind text, the_reference text, the_mode text,
    the_kinds text[], the_owners bigint[], the_assets text[], the_amounts bigint[]
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    earlier payments_posting;
    booked bigint;
    same bigint;
BEGIN
    SELECT * INTO earlier FROM payments_posting
    WHERE reference = the_reference AND kind = the_kind AND mode = the_mode;
    SELECT count(*), count(*) FILTER (WHERE (account.kind, account.owner_id, account.asset, entry.amount)
        = (the_kinds[entry.number], the_owners[entry.number], the_assets[entry.number], the_amounts[entry.number]))
    INTO booked, same
    FROM payments_entry entry JOIN payments_account account ON account.id = entry.account_id
    WHERE entry.xid = earlier.xid AND entry.posting_id = earlier.id
        AND entry.recorded_at = earlier.recorded_at;
    IF same <> booked OR same <> cardinality(the_amounts) THEN
        RAISE EXCEPTION '% % was booked with other lines', the_kind, the_reference USING ERRCODE = 'OK102';
    END IF;
    RETURN earlier.id;
END
$$;

-- Book a posting; return its id. Accounts are opened where they do not exist. A repeated call (same kind,
-- reference and mode) books nothing and returns the first one's id. All accounts are looked up in the posting's
-- mode, so live and test cannot meet. Raises OK101, OK102 as above, OK103 where the lines do not sum to zero.
CREATE FUNCTION ledger_post_for(
    the_kind text, the_reference text, the_mode text, booked timestamptz,
    the_kinds text[], the_owner_types text[], the_owners bigint[], the_assets text[], the_amounts bigint[]
) RETURNS bigint
LANGUAGE plpgsql
SET ok.ledger = 'posting' SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    the_posting bigint;
    account bigint;
    floor_of bigint;
    total bigint := 0;
    accounts bigint[] := '{}';
    debits bigint[];
BEGIN
    INSERT INTO payments_posting (kind, reference, mode, booked_at)
    VALUES (the_kind, the_reference, the_mode, booked)
    ON CONFLICT (reference, kind, mode) DO NOTHING RETURNING id INTO the_posting;
    IF the_posting IS NULL THEN
        RETURN ledger_same_posting(
            the_kind, the_reference, the_mode, the_kinds, the_owners, the_assets, the_amounts);
    END IF;
    FOR i IN 1 .. cardinality(the_amounts) LOOP
        SELECT id, floor INTO account, floor_of FROM payments_account
        WHERE owner_id = the_owners[i] AND kind = the_kinds[i] AND asset = the_assets[i] AND mode = the_mode;
        IF account IS NULL THEN
            account := ledger_open(the_kinds[i], the_owner_types[i], the_owners[i], the_assets[i], the_mode);
            floor_of := (SELECT floor FROM payments_account WHERE id = account);
        END IF;
        IF floor_of IS NOT NULL AND the_amounts[i] < 0 THEN
            debits := debits || account;
        END IF;
        accounts[i] := account;
        total := total + the_amounts[i];
    END LOOP;
    -- Zero in all of them together is zero in each, if there is one; else each is added up.
    IF total IS DISTINCT FROM 0 OR 0 = ANY (the_amounts) OR cardinality(the_amounts) = 0 OR (
        the_assets[1] <> ANY (the_assets) AND EXISTS (
            SELECT FROM unnest(the_assets, the_amounts) AS line (asset, amount)
            GROUP BY asset HAVING sum(amount) <> 0
        )
    ) THEN
        RAISE EXCEPTION '% % does not sum to zero', the_kind, the_reference USING ERRCODE = 'OK103';
    END IF;
    IF debits IS NOT NULL THEN
        PERFORM ledger_hold_floors(accounts, the_amounts, debits);
    END IF;
    INSERT INTO payments_entry (posting_id, number, account_id, amount)
    SELECT the_posting, i, accounts[i], the_amounts[i] FROM generate_series(1, cardinality(the_amounts)) AS i;
    RETURN the_posting;
END
$$;

-- The same for one amount that goes from one account to another: what nearly every posting is, a sale's too. It
-- sums to zero by being one amount. Two accounts that exist, and no floor on the one that gives, are found in one
-- look; a first time, a floor and a repeated call go the long way. Measured: a third less work than the arrays.
CREATE FUNCTION ledger_transfer(
    the_kind text, the_reference text, the_mode text, booked timestamptz,
    giver_kind text, giver_owner_type text, giver_owner bigint,
    taker_kind text, taker_owner_type text, taker_owner bigint,
    the_asset text, the_amount bigint
) RETURNS bigint
LANGUAGE plpgsql SET ok.ledger = 'posting' SET enable_seqscan = off AS $$
DECLARE
    the_posting bigint;
    giver bigint;
    taker bigint;
BEGIN
    SELECT gives.id, takes.id INTO giver, taker FROM payments_account gives, payments_account takes
    WHERE gives.owner_id = giver_owner AND gives.kind = giver_kind
        AND gives.asset = the_asset AND gives.mode = the_mode AND gives.floor IS NULL
        AND takes.owner_id = taker_owner AND takes.kind = taker_kind
        AND takes.asset = the_asset AND takes.mode = the_mode;
    IF giver IS NOT NULL AND the_amount > 0 THEN
        INSERT INTO payments_posting (kind, reference, mode, booked_at)
        VALUES (the_kind, the_reference, the_mode, booked)
        ON CONFLICT (reference, kind, mode) DO NOTHING RETURNING id INTO the_posting;
    END IF;
    IF the_posting IS NULL THEN
        IF the_amount < 0 THEN
            RAISE EXCEPTION '% % would go the other way', the_kind, the_reference USING ERRCODE = 'OK103';
        END IF;
        RETURN ledger_post_for(
            the_kind, the_reference, the_mode, booked,
            ARRAY[giver_kind, taker_kind], ARRAY[giver_owner_type, taker_owner_type],
            ARRAY[giver_owner, taker_owner], ARRAY[the_asset, the_asset], ARRAY[-the_amount, the_amount]);
    END IF;
    INSERT INTO payments_entry (posting_id, number, account_id, amount)
    VALUES (the_posting, 1, giver, -the_amount), (the_posting, 2, taker, the_amount);
    RETURN the_posting;
END
$$;

-- Fold what finished transactions have booked since the last fold; return the number of accounts. The mark and
-- the sums come from one statement, so from one snapshot: no transaction before the mark is still running.
CREATE FUNCTION ledger_fold() RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    since xid8;
    mark xid8;
    folded bigint;
BEGIN
    -- One fold at a time; whoever comes second has nothing to do.
    IF NOT pg_try_advisory_xact_lock(hashtext('ledger_fold')) THEN
        RETURN 0;
    END IF;
    SELECT upto INTO since FROM payments_fold;
    IF since > pg_snapshot_xmax(pg_current_snapshot()) THEN
        RAISE EXCEPTION 'the ledger comes from another server: run manage.py rebuild_balances'
            USING ERRCODE = 'OK104';
    END IF;
    WITH horizon AS MATERIALIZED (
        SELECT pg_snapshot_xmin(pg_current_snapshot()) AS upto
    ), written AS (
        INSERT INTO payments_balance AS balance (account_id, folded, upto)
        SELECT entry.account_id, sum(entry.amount), horizon.upto
        FROM horizon JOIN payments_entry entry
            ON entry.xid >= coalesce(since, '0'::xid8) AND entry.xid < horizon.upto
        GROUP BY entry.account_id, horizon.upto
        ON CONFLICT (account_id) DO UPDATE
            SET folded = balance.folded + EXCLUDED.folded, upto = EXCLUDED.upto
        RETURNING balance.upto
    )
    SELECT count(*), max(written.upto) INTO folded, mark FROM written;
    -- Nothing booked, nothing written: an idle ledger costs one look at an index.
    IF folded > 0 THEN
        INSERT INTO payments_fold (id, upto) VALUES (1, mark)
        ON CONFLICT (id) DO UPDATE SET upto = EXCLUDED.upto;
    END IF;
    RETURN folded;
END
$$;

-- After a dump is restored into another server: numbers of transactions that this server has not given out yet
-- become 0, "long finished", and all balances are added up anew. The one change an entry ever sees; it takes the
-- owner's right to switch a trigger off, and locks out postings until it is done.
CREATE FUNCTION ledger_rebuild() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    future constant xid8 := pg_snapshot_xmax(pg_current_snapshot());
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger_fold'));
    ALTER TABLE payments_posting DISABLE TRIGGER posting_never_changes;
    ALTER TABLE ONLY payments_entry DISABLE TRIGGER entry_never_changes;
    UPDATE payments_posting SET xid = '0' WHERE xid >= future;
    UPDATE payments_entry SET xid = '0' WHERE xid >= future;
    ALTER TABLE ONLY payments_entry ENABLE TRIGGER entry_never_changes;
    ALTER TABLE payments_posting ENABLE TRIGGER posting_never_changes;
    DELETE FROM payments_balance;
    DELETE FROM payments_fold;
    RETURN ledger_fold();
END
$$;
