DROP TRIGGER breakage_never_changes ON loyalty_breakage;
DROP TRIGGER lot_use_never_changes ON loyalty_lot_use;
-- One call settles what a quote promised, inside the sale's transaction. A session keeps a function's plans,
-- perhaps from when the tables were empty: loyalty_settle leaves itself and what it calls no way but the indexes.

-- A limited offer's parts are small and updated often: leave room on the page for the new versions.
ALTER TABLE loyalty_offer_budget SET (fillfactor = 50, autovacuum_vacuum_threshold = 1000);
ALTER TABLE loyalty_member SET (fillfactor = 80);

CREATE OR REPLACE FUNCTION loyalty_parts() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 8';

-- Lay what is left of an offer out over its parts: evenly where there is much, else all in part 0, because
-- near the limit a till that finds its part empty has to look at all of them anyway. "Much" is SHARE (16)
-- more such discounts in every part. NULL is no limit. The caller holds the offer's row or all parts.
CREATE OR REPLACE FUNCTION loyalty_lay_out(
    p_merchant bigint, p_offer bigint, p_mode text, p_amount bigint, p_uses bigint, p_discount bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parts constant int := loyalty_parts();
    share constant int := 16;
    even constant boolean := coalesce(p_amount >= share * parts * p_discount, true)
        AND coalesce(p_uses >= share * parts, true);
    part_amount constant bigint := CASE WHEN even THEN p_amount / parts WHEN p_amount IS NOT NULL THEN 0 END;
    part_uses constant bigint := CASE WHEN even THEN p_uses / parts WHEN p_uses IS NOT NULL THEN 0 END;
BEGIN
    INSERT INTO loyalty_offer_budget AS budget (merchant_id, offer_id, mode, shard, left_amount, left_uses)
    SELECT p_merchant, p_offer, p_mode, number,
        CASE WHEN number = 0 THEN p_amount - part_amount * (parts - 1) ELSE part_amount END,
        CASE WHEN number = 0 THEN p_uses - part_uses * (parts - 1) ELSE part_uses END
    FROM generate_series(0, parts - 1) AS number
    ON CONFLICT (offer_id, mode, shard) DO UPDATE
        SET left_amount = EXCLUDED.left_amount, left_uses = EXCLUDED.left_uses;
END
$$;

-- Take one use of p_amount from a limited offer; false if that much is not left. Never check-then-write:
-- the first UPDATE carries its condition, and the rest happens under locks taken in one order.
CREATE OR REPLACE FUNCTION loyalty_take(p_merchant bigint, p_offer bigint, p_mode text, p_amount bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    part constant int := floor(random() * loyalty_parts());
    total_amount bigint;
    total_uses bigint;
BEGIN
    BEGIN
        UPDATE loyalty_offer_budget
        SET left_amount = left_amount - p_amount, left_uses = left_uses - 1
        WHERE offer_id = p_offer AND mode = p_mode AND shard = part
            AND coalesce(left_amount >= p_amount, true) AND coalesce(left_uses >= 1, true);
        IF FOUND THEN
            RETURN true;
        END IF;
        -- An UPDATE that waited and then found its condition broken still holds the row. Undoing this block lets
        -- go of it: who goes on to lock all parts in order must hold none, or two of them wait for each other.
        RAISE EXCEPTION USING ERRCODE = 'OK003', MESSAGE = 'this part is too small';
    EXCEPTION WHEN SQLSTATE 'OK003' THEN
        NULL;
    END;
    PERFORM FROM loyalty_offer_budget
    WHERE offer_id = p_offer AND mode = p_mode ORDER BY shard FOR UPDATE;
    -- A statement of its own, so that it sees what the last holder of the locks left.
    SELECT sum(left_amount), sum(left_uses) INTO total_amount, total_uses
    FROM loyalty_offer_budget WHERE offer_id = p_offer AND mode = p_mode;
    IF total_amount < p_amount OR total_uses < 1 THEN
        RETURN false;
    END IF;
    PERFORM loyalty_lay_out(
        p_merchant, p_offer, p_mode, total_amount - p_amount, total_uses - 1, p_amount);
    RETURN true;
END
$$;

-- The points a member can spend; NULL for nobody.
CREATE OR REPLACE FUNCTION loyalty_points(p_member bigint, p_programme bigint, p_mode text)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_member IS NOT NULL
        THEN ledger_balance_for('member_points', p_member, 'points:' || p_programme, p_mode) END
$$;

-- Everything a quote needs besides the rules, as of one moment: the version of the rules, the newest category (they
-- are only ever added, and rules reach those below theirs), the member if this person is one, and what is left of the
-- limited offers asked for. No row where nothing was published. A function, because its plans are kept.
CREATE OR REPLACE FUNCTION loyalty_snapshot(
    p_merchant bigint, p_person bigint, p_mode text, p_limited bigint[],
    OUT version int, OUT newest_category bigint, OUT member_id bigint, OUT points bigint, OUT carry int,
    OUT joined_at timestamptz, OUT left_of jsonb
) RETURNS SETOF record LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    programme bigint;
BEGIN
    SELECT book.version INTO version FROM loyalty_rulebook book WHERE book.merchant_id = p_merchant;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    newest_category := (SELECT max(category.id) FROM trade_category category WHERE category.merchant_id = p_merchant);
    IF p_person IS NOT NULL THEN
        SELECT member.id, member.programme_id, member.carry, member.joined_at
        INTO member_id, programme, carry, joined_at
        FROM loyalty_member member
        WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode;
        points := loyalty_points(member_id, programme, p_mode);
    END IF;
    IF cardinality(p_limited) > 0 THEN
        SELECT jsonb_object_agg(part.offer_id, jsonb_build_array(part.amount, part.uses)) INTO left_of
        FROM (
            SELECT budget.offer_id, sum(budget.left_amount) AS amount, sum(budget.left_uses) AS uses
            FROM loyalty_offer_budget budget
            WHERE budget.offer_id = ANY (p_limited) AND budget.mode = p_mode
            GROUP BY budget.offer_id
        ) AS part;
    END IF;
    RETURN NEXT;
END
$$;

-- Give the member the points the quote promised, and return what they have now. The carry makes up for other
-- sales since the quote; when that would take it further than a point, the quote is out of date (OK002).
CREATE OR REPLACE FUNCTION loyalty_earn(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz,
    p_member bigint, p_milli bigint, p_points bigint, p_near_miss jsonb
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    programme bigint;
    balance bigint;
BEGIN
    UPDATE loyalty_member SET carry = carry + p_milli - 1000 * p_points
    WHERE id = p_member AND merchant_id = p_merchant AND mode = p_mode
        AND carry + p_milli - 1000 * p_points BETWEEN -999 AND 1999
    RETURNING programme_id INTO programme;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the points of this quote have moved' USING ERRCODE = 'OK002';
    END IF;
    IF p_points > 0 THEN
        PERFORM ledger_transfer(
            'points_earned', p_sale::text, p_mode, p_at, 'programme_points', 'programme', programme,
            'member_points', 'member', p_member, 'points:' || programme, p_points);
    END IF;
    balance := loyalty_points(p_member, programme, p_mode);
    INSERT INTO loyalty_earning
        (sale_id, merchant_id, mode, member_id, milli, points, balance, near_miss, earned_at)
    VALUES (p_sale, p_merchant, p_mode, p_member, p_milli, p_points, balance, p_near_miss, p_at);
    RETURN balance;
END
$$;

DROP FUNCTION loyalty_take_points;
-- When goods or money of a sale come back, so do its points, and what limited offers gave it. The sale itself does
-- nothing for that: what it needs was stored when it closed.
ALTER TABLE loyalty_reversal
    ADD CONSTRAINT reversal_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT reversal_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);
ALTER TABLE loyalty_offer_reversal
    ADD CONSTRAINT offer_reversal_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id),
    ADD CONSTRAINT offer_reversal_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);

-- Take points from a member, as many of p_points as are there; return how many. The account is held first, as the
-- ledger's own debits do, so that nobody spends meanwhile what is being counted.
CREATE FUNCTION loyalty_take_points(
    p_kind text, p_reference text, p_mode text, p_at timestamptz, p_member bigint, p_programme bigint, p_points bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    there bigint;
BEGIN
    PERFORM FROM payments_account
    WHERE owner_id = p_member AND kind = 'member_points' AND asset = 'points:' || p_programme AND mode = p_mode
    FOR NO KEY UPDATE;
    there := least(loyalty_points(p_member, p_programme, p_mode), p_points);
    IF there > 0 THEN
        PERFORM ledger_transfer(
            p_kind, p_reference, p_mode, p_at, 'member_points', 'member', p_member,
            'programme_points', 'programme', p_programme, 'points:' || p_programme, there);
    END IF;
    RETURN greatest(there, 0);
END
$$;

-- When goods or money of a sale come back, so do its points, and what limited offers gave it. The sale itself does
-- nothing for that: what it needs was stored when it closed.
ALTER TABLE loyalty_reversal
    ADD CONSTRAINT reversal_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT reversal_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);
ALTER TABLE loyalty_offer_reversal
    ADD CONSTRAINT offer_reversal_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id),
    ADD CONSTRAINT offer_reversal_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);

-- Take points from a member, as many of p_points as are there; return how many. The account is held first, as the
-- ledger's own debits do, so that nobody spends meanwhile what is being counted.
CREATE OR REPLACE FUNCTION loyalty_take_points(
    p_kind text, p_reference text, p_mode text, p_at timestamptz, p_member bigint, p_programme bigint, p_points bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    there bigint;
BEGIN
    PERFORM FROM payments_account
    WHERE owner_id = p_member AND kind = 'member_points' AND asset = 'points:' || p_programme AND mode = p_mode
    FOR NO KEY UPDATE;
    there := least(loyalty_points(p_member, p_programme, p_mode), p_points);
    IF there > 0 THEN
        PERFORM ledger_transfer(
            p_kind, p_reference, p_mode, p_at, 'member_points', 'member', p_member,
            'programme_points', 'programme', p_programme, 'points:' || p_programme, there);
    END IF;
    RETURN greatest(there, 0);
END
$$;

-- Give a limited offer back what it gave one sale. Live counters take it as it is; a rehearsal may have given more than
-- a limit that was set after it, and has then nothing left until it is below that limit again.
CREATE OR REPLACE FUNCTION loyalty_give_back(
    p_return bigint, p_sale bigint, p_merchant bigint, p_mode text, p_offer bigint, p_amount bigint, p_uses int
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    the_offer loyalty_offer;
    more_amount bigint := p_amount;
    more_uses bigint := p_uses;
BEGIN
    -- Held, so that nobody sets another limit between what is written here and what is counted there.
    SELECT * INTO the_offer FROM loyalty_offer WHERE id = p_offer AND merchant_id = p_merchant FOR SHARE;
    IF NOT EXISTS (SELECT FROM loyalty_offer_use WHERE offer_id = p_offer AND sale_id = p_sale) THEN
        RETURN;
    END IF;
    INSERT INTO loyalty_offer_reversal (offer_id, sale_return_id, merchant_id, mode, amount, uses)
    VALUES (p_offer, p_return, p_merchant, p_mode, p_amount, p_uses);
    IF p_mode = 'test' THEN
        PERFORM FROM loyalty_offer_budget
        WHERE offer_id = p_offer AND mode = p_mode ORDER BY shard FOR UPDATE;
        SELECT least(p_amount, greatest(the_offer.budget - given.amount - held.amount, 0)),
            least(p_uses, greatest(the_offer.uses - given.uses - held.uses, 0))
        INTO more_amount, more_uses
        FROM (
            SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(uses), 0) AS uses
            FROM (
                SELECT amount, 1 AS uses FROM loyalty_offer_use WHERE offer_id = p_offer AND mode = p_mode
                UNION ALL
                SELECT -amount, -uses FROM loyalty_offer_reversal WHERE offer_id = p_offer AND mode = p_mode
            ) AS one
        ) AS given
        CROSS JOIN (
            SELECT sum(left_amount) AS amount, sum(left_uses) AS uses FROM loyalty_offer_budget
            WHERE offer_id = p_offer AND mode = p_mode
        ) AS held;
    END IF;
    UPDATE loyalty_offer_budget SET left_amount = left_amount + more_amount, left_uses = left_uses + more_uses
    WHERE offer_id = p_offer AND mode = p_mode AND shard = 0;
END
$$;

-- Reverse what a return takes back: p_milli milli-points of whoever earned the sale's, and what its offers gave. The
-- carry takes what is less than a point; of whole points those that are there are taken, the rest becomes a debt. Returns
-- the points lost, those taken, and what the member has then; NULLs where nobody earned any.
CREATE OR REPLACE FUNCTION loyalty_reverse(
    p_return bigint, p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_milli bigint,
    p_offers bigint[], p_amounts bigint[], p_uses int[],
    OUT points bigint, OUT taken bigint, OUT balance bigint
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    given record;
BEGIN
    -- The member's own row first, the offers' that all tills want last, as in a sale.
    IF p_milli > 0 THEN
        SELECT member.* INTO the_member FROM loyalty_member member
        WHERE member.id = (SELECT earning.member_id FROM loyalty_earning earning WHERE earning.sale_id = p_sale)
        FOR NO KEY UPDATE;
        points := greatest(-floor((the_member.carry - p_milli) / 1000.0), 0);
        UPDATE loyalty_member SET carry = carry - p_milli + 1000 * points WHERE id = the_member.id;
        taken := loyalty_take_points(
            'points_reversed', p_return::text, p_mode, p_at, the_member.id, the_member.programme_id, points);
        balance := loyalty_points(the_member.id, the_member.programme_id, p_mode);
        INSERT INTO loyalty_reversal
            (sale_return_id, sale_id, member_id, merchant_id, mode, milli, points, taken, balance, reversed_at)
        VALUES (p_return, p_sale, the_member.id, p_merchant, p_mode, p_milli, points, taken, balance, p_at);
        IF taken < points THEN
            INSERT INTO loyalty_points_debt (reversal_id, member_id, merchant_id, mode, points, outstanding, opened_at)
            VALUES (p_return, the_member.id, p_merchant, p_mode, points - taken, points - taken, p_at);
        END IF;
    END IF;
    FOR given IN
        SELECT * FROM unnest(p_offers, p_amounts, p_uses) AS back (offer, amount, uses) ORDER BY offer
    LOOP
        PERFORM loyalty_give_back(
            p_return, p_sale, p_merchant, p_mode, given.offer, given.amount, given.uses);
    END LOOP;
END
$$;

-- When goods or money of a sale come back, so do its points, and what limited offers gave it. The sale itself does
-- nothing for that: what it needs was stored when it closed.
ALTER TABLE loyalty_reversal
    ADD CONSTRAINT reversal_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT reversal_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);
ALTER TABLE loyalty_offer_reversal
    ADD CONSTRAINT offer_reversal_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id),
    ADD CONSTRAINT offer_reversal_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);

-- Take points from a member, as many of p_points as are there; return how many. The account is held first, as the
-- ledger's own debits do, so that nobody spends meanwhile what is being counted.
CREATE OR REPLACE FUNCTION loyalty_take_points(
    p_kind text, p_reference text, p_mode text, p_at timestamptz, p_member bigint, p_programme bigint, p_points bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    there bigint;
BEGIN
    PERFORM FROM payments_account
    WHERE owner_id = p_member AND kind = 'member_points' AND asset = 'points:' || p_programme AND mode = p_mode
    FOR NO KEY UPDATE;
    there := least(loyalty_points(p_member, p_programme, p_mode), p_points);
    IF there > 0 THEN
        PERFORM ledger_transfer(
            p_kind, p_reference, p_mode, p_at, 'member_points', 'member', p_member,
            'programme_points', 'programme', p_programme, 'points:' || p_programme, there);
    END IF;
    RETURN greatest(there, 0);
END
$$;

-- Give a limited offer back what it gave one sale. Live counters take it as it is; a rehearsal may have given more than
-- a limit that was set after it, and has then nothing left until it is below that limit again.
CREATE OR REPLACE FUNCTION loyalty_give_back(
    p_return bigint, p_sale bigint, p_merchant bigint, p_mode text, p_offer bigint, p_amount bigint, p_uses int
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    the_offer loyalty_offer;
    more_amount bigint := p_amount;
    more_uses bigint := p_uses;
BEGIN
    -- Held, so that nobody sets another limit between what is written here and what is counted there.
    SELECT * INTO the_offer FROM loyalty_offer WHERE id = p_offer AND merchant_id = p_merchant FOR SHARE;
    IF NOT EXISTS (SELECT FROM loyalty_offer_use WHERE offer_id = p_offer AND sale_id = p_sale) THEN
        RETURN;
    END IF;
    INSERT INTO loyalty_offer_reversal (offer_id, sale_return_id, merchant_id, mode, amount, uses)
    VALUES (p_offer, p_return, p_merchant, p_mode, p_amount, p_uses);
    IF p_mode = 'test' THEN
        PERFORM FROM loyalty_offer_budget
        WHERE offer_id = p_offer AND mode = p_mode ORDER BY shard FOR UPDATE;
        SELECT least(p_amount, greatest(the_offer.budget - given.amount - held.amount, 0)),
            least(p_uses, greatest(the_offer.uses - given.uses - held.uses, 0))
        INTO more_amount, more_uses
        FROM (
            SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(uses), 0) AS uses
            FROM (
                SELECT amount, 1 AS uses FROM loyalty_offer_use WHERE offer_id = p_offer AND mode = p_mode
                UNION ALL
                SELECT -amount, -uses FROM loyalty_offer_reversal WHERE offer_id = p_offer AND mode = p_mode
            ) AS one
        ) AS given
        CROSS JOIN (
            SELECT sum(left_amount) AS amount, sum(left_uses) AS uses FROM loyalty_offer_budget
            WHERE offer_id = p_offer AND mode = p_mode
        ) AS held;
    END IF;
    UPDATE loyalty_offer_budget SET left_amount = left_amount + more_amount, left_uses = left_uses + more_uses
    WHERE offer_id = p_offer AND mode = p_mode AND shard = 0;
END
$$;

-- Reverse what a return takes back: p_milli milli-points of whoever earned the sale's, and what its offers gave. The
-- carry takes what is less than a point; of whole points those that are there are taken, the rest becomes a debt. Returns
-- the points lost, those taken, and what the member has then; NULLs where nobody earned any.
CREATE OR REPLACE FUNCTION loyalty_reverse(
    p_return bigint, p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_milli bigint,
    p_offers bigint[], p_amounts bigint[], p_uses int[],
    OUT points bigint, OUT taken bigint, OUT balance bigint
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    given record;
BEGIN
    -- The member's own row first, the offers' that all tills want last, as in a sale.
    IF p_milli > 0 THEN
        SELECT member.* INTO the_member FROM loyalty_member member
        WHERE member.id = (SELECT earning.member_id FROM loyalty_earning earning WHERE earning.sale_id = p_sale)
        FOR NO KEY UPDATE;
        points := greatest(-floor((the_member.carry - p_milli) / 1000.0), 0);
        UPDATE loyalty_member SET carry = carry - p_milli + 1000 * points WHERE id = the_member.id;
        taken := loyalty_take_points(
            'points_reversed', p_return::text, p_mode, p_at, the_member.id, the_member.programme_id, points);
        balance := loyalty_points(the_member.id, the_member.programme_id, p_mode);
        INSERT INTO loyalty_reversal
            (sale_return_id, sale_id, member_id, merchant_id, mode, milli, points, taken, balance, reversed_at)
        VALUES (p_return, p_sale, the_member.id, p_merchant, p_mode, p_milli, points, taken, balance, p_at);
        IF taken < points THEN
            INSERT INTO loyalty_points_debt (reversal_id, member_id, merchant_id, mode, points, outstanding, opened_at)
            VALUES (p_return, the_member.id, p_merchant, p_mode, points - taken, points - taken, p_at);
        END IF;
    END IF;
    FOR given IN
        SELECT * FROM unnest(p_offers, p_amounts, p_uses) AS back (offer, amount, uses) ORDER BY offer
    LOOP
        PERFORM loyalty_give_back(
            p_return, p_sale, p_merchant, p_mode, given.offer, given.amount, given.uses);
    END LOOP;
END
$$;

-- Let what these sales earned pay what their members owe, the oldest debt first; return how many debts were paid at
-- least in part. Called after the sales, never in one.
CREATE OR REPLACE FUNCTION loyalty_pay_debts(p_sales bigint[], p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    debt record;
    paid bigint;
    touched bigint := 0;
BEGIN
    FOR debt IN
        SELECT open.reversal_id, open.member_id, open.mode, open.outstanding, member.programme_id, earning.sale_id
        FROM (
            SELECT earned.member_id, max(earned.sale_id) AS sale_id FROM loyalty_earning earned
            WHERE earned.sale_id = ANY (p_sales) GROUP BY earned.member_id
        ) AS earning
        JOIN loyalty_points_debt open ON open.member_id = earning.member_id AND open.outstanding > 0
        JOIN loyalty_member member ON member.id = open.member_id
        ORDER BY open.member_id, open.reversal_id
        FOR NO KEY UPDATE OF open
    LOOP
        paid := loyalty_take_points(
            'points_debt_paid', debt.reversal_id || '-' || debt.sale_id, debt.mode, p_at, debt.member_id,
            debt.programme_id, debt.outstanding);
        IF paid > 0 THEN
            UPDATE loyalty_points_debt SET outstanding = outstanding - paid WHERE reversal_id = debt.reversal_id;
            touched := touched + 1;
        END IF;
    END LOOP;
    RETURN touched;
END
$$;

DROP FUNCTION loyalty_pay_debts_of;
DROP FUNCTION loyalty_take_back;
DROP FUNCTION loyalty_restore;
DROP FUNCTION loyalty_use_lots;
DROP FUNCTION loyalty_rolling_end;
DROP FUNCTION loyalty_lay_lot;
DROP FUNCTION loyalty_lot_end;
DROP FUNCTION loyalty_wants_lots;
ALTER TABLE loyalty_breakage DROP CONSTRAINT breakage_member_of_same_merchant_and_mode;
ALTER TABLE loyalty_lot
    DROP CONSTRAINT lot_member_of_same_merchant_and_mode,
    DROP CONSTRAINT lot_sale_of_same_merchant_and_mode;
