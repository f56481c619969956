-- Points in lots: each with the day from which it counts and the one on which it ends. A member without lots
-- (loyalty_member.keeps_lots) costs nothing here but the reading of that flag, in a row that is read anyway.
--
-- Whoever touches a member's lots holds the member's row first, as a sale does; then the account, then the lots.
ALTER TABLE loyalty_lot
    ADD CONSTRAINT lot_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT lot_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);
ALTER TABLE loyalty_breakage
    ADD CONSTRAINT breakage_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);

-- Whether a programme with these terms has its members keep lots.
CREATE FUNCTION loyalty_wants_lots(p_pending_days int, p_expiry text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT p_pending_days > 0 OR p_expiry <> ''never''';

-- The midnight at which points end that count from p_from on; NULL is never. Days are those of the clock on the wall
-- of p_zone; a month after the 31st is the last of a shorter month.
CREATE FUNCTION loyalty_lot_end(p_expiry text, p_length int, p_from timestamptz, p_zone text)
RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_expiry
        WHEN 'days' THEN day + p_length + 1
        WHEN 'months' THEN (day::timestamp + make_interval(months => p_length))::date + 1
        WHEN 'inactive' THEN (day::timestamp + make_interval(months => p_length))::date + 1
        WHEN 'month_end' THEN (date_trunc('month', day::timestamp) + make_interval(months => p_length + 1))::date
        WHEN 'year_end' THEN (date_trunc('year', day::timestamp) + make_interval(years => p_length + 1))::date
    END::timestamp AT TIME ZONE p_zone
    FROM (SELECT (p_from AT TIME ZONE p_zone)::date AS day) AS began
$$;

-- Lay what a sale earned down as a lot, on the programme's terms as they are now and by the store's clock; return
-- whether it is pending. A sale that earned less than a point leaves one only where it keeps other points alive.
CREATE FUNCTION loyalty_lay_lot(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_member bigint, p_programme bigint, p_points bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    terms record;
    counts_from timestamptz;
BEGIN
    SELECT programme.pending_days, programme.expiry, programme.expiry_length, store.timezone INTO terms
    FROM loyalty_programme programme, trade_sale sale JOIN parties_store store ON store.id = sale.store_id
    WHERE programme.id = p_programme AND sale.id = p_sale;
    IF p_points = 0 AND terms.expiry <> 'inactive' THEN
        RETURN false;
    END IF;
    IF terms.pending_days > 0 THEN
        counts_from := ((p_at AT TIME ZONE terms.timezone)::date + terms.pending_days + 1)::timestamp
            AT TIME ZONE terms.timezone;
    END IF;
    INSERT INTO loyalty_lot (
        sale_id, merchant_id, mode, member_id, points, remaining, earned_at, spendable_at, expires_at, is_pending,
        rolling)
    VALUES (
        p_sale, p_merchant, p_mode, p_member, p_points, p_points, p_at, counts_from,
        loyalty_lot_end(terms.expiry, terms.expiry_length, coalesce(counts_from, p_at), terms.timezone),
        counts_from IS NOT NULL AND p_points > 0, terms.expiry = 'inactive');
    RETURN counts_from IS NOT NULL AND p_points > 0;
END
$$;

-- As before (settle.sql), and in lots for who keeps them: pending points lie on an account of their own.
CREATE OR REPLACE FUNCTION loyalty_earn(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz,
    p_member bigint, p_milli bigint, p_points bigint, p_near_miss jsonb
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    programme bigint;
    in_lots boolean;
    taker text := 'member_points';
    balance bigint;
BEGIN
    UPDATE loyalty_member SET carry = carry + p_milli - 1000 * p_points
    WHERE id = p_member AND merchant_id = p_merchant AND mode = p_mode
        AND carry + p_milli - 1000 * p_points BETWEEN -999 AND 1999
    RETURNING programme_id, keeps_lots INTO programme, in_lots;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the points of this quote have moved' USING ERRCODE = 'OK002';
    END IF;
    IF in_lots AND loyalty_lay_lot(p_sale, p_merchant, p_mode, p_at, p_member, programme, p_points) THEN
        taker := 'member_points_pending';
    END IF;
    IF p_points > 0 THEN
        PERFORM ledger_transfer(
            'points_earned', p_sale::text, p_mode, p_at, 'programme_points', 'programme', programme,
            taker, 'member', p_member, 'points:' || programme, p_points);
    END IF;
    balance := loyalty_points(p_member, programme, p_mode);
    INSERT INTO loyalty_earning
        (sale_id, merchant_id, mode, member_id, milli, points, balance, near_miss, earned_at)
    VALUES (p_sale, p_merchant, p_mode, p_member, p_milli, p_points, balance, p_near_miss, p_at);
    RETURN balance;
END
$$;

-- The end that all rolling lots of a member share: the latest. NULL where there are none.
CREATE FUNCTION loyalty_rolling_end(p_member bigint) RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT max(expires_at) FROM loyalty_lot WHERE member_id = p_member AND rolling';

-- Take p_points from what a member can spend, p_first before all others, then the lot that ends first. The caller
-- holds the member and has just found that many in the ledger: should the lots have fewer, nothing is booked.
CREATE FUNCTION loyalty_use_lots(
    p_member bigint, p_points bigint, p_kind text, p_reference text, p_at timestamptz, p_first bigint
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    rolls_until constant timestamptz := loyalty_rolling_end(p_member);
    used bigint;
BEGIN
    WITH held AS (
        SELECT lot.id, lot.remaining, sum(lot.remaining) OVER (ORDER BY lot.id IS DISTINCT FROM p_first,
            CASE WHEN lot.rolling THEN rolls_until ELSE lot.expires_at END NULLS LAST, lot.earned_at, lot.id
        ) - lot.remaining AS before
        FROM loyalty_lot lot WHERE lot.member_id = p_member AND lot.remaining > 0 AND NOT lot.is_pending
    ), part AS (
        SELECT held.id, least(held.remaining, p_points - held.before) AS points
        FROM held WHERE held.before < p_points
    ), taken AS (
        UPDATE loyalty_lot lot SET remaining = lot.remaining - part.points FROM part WHERE lot.id = part.id
        RETURNING lot.id, part.points
    ), noted AS (
        INSERT INTO loyalty_lot_use (lot_id, kind, reference, points, used_at)
        SELECT taken.id, p_kind, p_reference, taken.points, p_at FROM taken RETURNING points
    )
    SELECT coalesce(sum(points), 0) INTO used FROM noted;
    IF used <> p_points THEN
        RAISE EXCEPTION 'member % has % points in the ledger that lie in no lot', p_member, p_points - used
            USING ERRCODE = 'data_exception';
    END IF;
END
$$;

-- Take points from a member, as many of p_points as can be spent; return how many. The member is held first, then the
-- account as the ledger's own debits do, so that nobody spends meanwhile what is being counted.
DROP FUNCTION loyalty_take_points;
CREATE FUNCTION loyalty_take_points(
    p_kind text, p_reference text, p_mode text, p_at timestamptz, p_member bigint, p_programme bigint, p_points bigint,
    p_first_lot bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    in_lots boolean;
    there bigint;
BEGIN
    SELECT keeps_lots INTO in_lots FROM loyalty_member WHERE id = p_member FOR NO KEY UPDATE;
    PERFORM FROM payments_account
    WHERE owner_id = p_member AND kind = 'member_points' AND asset = 'points:' || p_programme AND mode = p_mode
    FOR NO KEY UPDATE;
    there := least(loyalty_points(p_member, p_programme, p_mode), p_points);
    IF there > 0 THEN
        PERFORM ledger_transfer(
            p_kind, p_reference, p_mode, p_at, 'member_points', 'member', p_member,
            'programme_points', 'programme', p_programme, 'points:' || p_programme, there);
        IF in_lots THEN
            PERFORM loyalty_use_lots(p_member, there, p_kind, p_reference, p_at, p_first_lot);
        END IF;
    END IF;
    RETURN greatest(there, 0);
END
$$;

-- Let points that broke (expired, or were left) come back, because what earned them does: so many of p_missing as broke
-- of this lot, or without lots of this member. They go at once with the return, and what broke is less by them.
CREATE FUNCTION loyalty_restore(the_member loyalty_member, p_lot bigint, p_missing bigint, p_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    restored bigint;
    the_breakage bigint;
BEGIN
    SELECT least(p_missing, coalesce(sum(points), 0)) INTO restored FROM loyalty_breakage
    WHERE member_id = the_member.id AND lot_id IS NOT DISTINCT FROM p_lot;
    IF restored <= 0 THEN
        RETURN;
    END IF;
    INSERT INTO loyalty_breakage (member_id, merchant_id, mode, lot_id, reason, points, booked_at)
    VALUES (the_member.id, the_member.merchant_id, the_member.mode, p_lot, 'returned', -restored, p_at)
    RETURNING id INTO the_breakage;
    PERFORM ledger_transfer(
        'points_restored', the_breakage::text, the_member.mode, p_at, 'programme_points', 'programme',
        the_member.programme_id, 'member_points', 'member', the_member.id,
        'points:' || the_member.programme_id, restored);
    IF p_lot IS NOT NULL THEN
        UPDATE loyalty_lot SET remaining = remaining + restored WHERE id = p_lot;
        INSERT INTO loyalty_lot_use (lot_id, kind, reference, points, used_at)
        VALUES (p_lot, 'points_restored', the_breakage::text, -restored, p_at);
    END IF;
END
$$;

-- Take back what a sale had earned, from its own lot as far as that goes (pending or not), then from the others;
-- return how many there were. The caller holds the member.
CREATE FUNCTION loyalty_take_back(
    p_return bigint, p_sale bigint, the_member loyalty_member, p_at timestamptz, p_points bigint
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    own loyalty_lot;
    pending bigint := 0;
    there bigint;
BEGIN
    IF the_member.keeps_lots THEN
        SELECT * INTO own FROM loyalty_lot WHERE sale_id = p_sale;
        IF own.id IS NULL THEN
            -- Earned before there were lots: it lies in the one that all of it was put into.
            SELECT lot.* INTO own FROM loyalty_lot lot
            WHERE lot.member_id = the_member.id AND lot.sale_id IS NULL
                AND lot.earned_at >= (SELECT earned_at FROM loyalty_earning WHERE sale_id = p_sale)
            ORDER BY lot.earned_at LIMIT 1;
        END IF;
        there := coalesce(own.remaining, 0);
    ELSE
        there := loyalty_points(the_member.id, the_member.programme_id, the_member.mode);
    END IF;
    -- Who left before there were lots has none to which anything could come back.
    IF there < p_points AND (own.id IS NOT NULL OR NOT the_member.keeps_lots) THEN
        PERFORM loyalty_restore(the_member, own.id, p_points - there, p_at);
    END IF;
    IF own.is_pending THEN
        pending := least(own.remaining, p_points);
        IF pending > 0 THEN
            PERFORM ledger_transfer(
                'points_pending_reversed', p_return::text, the_member.mode, p_at, 'member_points_pending', 'member',
                the_member.id, 'programme_points', 'programme', the_member.programme_id,
                'points:' || the_member.programme_id, pending);
            UPDATE loyalty_lot SET remaining = remaining - pending WHERE id = own.id;
            INSERT INTO loyalty_lot_use (lot_id, kind, reference, points, used_at)
            VALUES (own.id, 'points_pending_reversed', p_return::text, pending, p_at);
        END IF;
    END IF;
    RETURN pending + loyalty_take_points(
        'points_reversed', p_return::text, the_member.mode, p_at, the_member.id, the_member.programme_id,
        p_points - pending, own.id);
END
$$;

-- As before (reverse.sql), from the lot in which the points lie.
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
        taken := loyalty_take_back(p_return, p_sale, the_member, p_at, points);
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

-- Let what a member can spend pay what the member owes, the oldest debt first; return how many debts were paid at
-- least in part. p_source names what the points came from. The caller holds the member.
CREATE FUNCTION loyalty_pay_debts_of(p_member bigint, p_programme bigint, p_source text, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    debt record;
    paid bigint;
    touched bigint := 0;
BEGIN
    FOR debt IN
        SELECT open.reversal_id, open.mode, open.outstanding FROM loyalty_points_debt open
        WHERE open.member_id = p_member AND open.outstanding > 0
        ORDER BY open.reversal_id FOR NO KEY UPDATE
    LOOP
        paid := loyalty_take_points(
            'points_debt_paid', debt.reversal_id || '-' || p_source, debt.mode, p_at, p_member, p_programme,
            debt.outstanding, NULL);
        IF paid > 0 THEN
            UPDATE loyalty_points_debt SET outstanding = outstanding - paid WHERE reversal_id = debt.reversal_id;
            touched := touched + 1;
        END IF;
    END LOOP;
    RETURN touched;
END
$$;

-- Let what these sales earned pay what their members owe; return how many debts were paid at least in part. Called
-- after the sales, never in one.
CREATE OR REPLACE FUNCTION loyalty_pay_debts(p_sales bigint[], p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    debtor record;
    touched bigint := 0;
BEGIN
    FOR debtor IN
        SELECT member.id, member.programme_id, earning.sale_id
        FROM (
            SELECT earned.member_id, max(earned.sale_id) AS sale_id FROM loyalty_earning earned
            WHERE earned.sale_id = ANY (p_sales) GROUP BY earned.member_id
        ) AS earning
        JOIN loyalty_member member ON member.id = earning.member_id
        WHERE EXISTS (
            SELECT FROM loyalty_points_debt open WHERE open.member_id = member.id AND open.outstanding > 0)
        ORDER BY member.id
        FOR NO KEY UPDATE OF member
    LOOP
        touched := touched + loyalty_pay_debts_of(debtor.id, debtor.programme_id, debtor.sale_id::text, p_at);
    END LOOP;
    RETURN touched;
END
$$;

-- What went from a lot stays so, and so does what broke.
CREATE TRIGGER lot_use_never_changes BEFORE UPDATE OR DELETE ON loyalty_lot_use
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('what was used of a lot never changes');
CREATE TRIGGER breakage_never_changes BEFORE UPDATE OR DELETE ON loyalty_breakage
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('breakage never changes');
