DROP TRIGGER breakage_never_changes ON loyalty_breakage;
DROP TRIGGER lot_use_never_changes ON loyalty_lot_use;
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
