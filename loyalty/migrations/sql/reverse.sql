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

-- Give a limited offer back what it gave one sale. Live counters take it as it is; a rehearsal may have given more than
-- a limit that was set after it, and has then nothing left until it is below that limit again.
CREATE FUNCTION loyalty_give_back(
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
CREATE FUNCTION loyalty_reverse(
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
CREATE FUNCTION loyalty_pay_debts(p_sales bigint[], p_at timestamptz) RETURNS bigint
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

-- What was reversed stays so; of a debt only what is left changes, and only downwards.
CREATE FUNCTION loyalty_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER reversal_never_changes BEFORE UPDATE OR DELETE ON loyalty_reversal
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('a reversal never changes');
CREATE TRIGGER offer_reversal_never_changes BEFORE UPDATE OR DELETE ON loyalty_offer_reversal
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('what an offer has back never changes');
CREATE TRIGGER points_debt_is_never_deleted BEFORE DELETE ON loyalty_points_debt
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('a debt is paid, never deleted');
CREATE TRIGGER points_debt_only_gets_smaller BEFORE UPDATE ON loyalty_points_debt
    FOR EACH ROW
    WHEN (NEW.outstanding > OLD.outstanding OR (OLD.reversal_id, OLD.member_id, OLD.mode, OLD.points)
        IS DISTINCT FROM (NEW.reversal_id, NEW.member_id, NEW.mode, NEW.points))
    EXECUTE FUNCTION loyalty_refuse('a debt of points only gets smaller');
