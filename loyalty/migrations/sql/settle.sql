-- One call settles what a quote promised, inside the sale's transaction. A session keeps a function's plans,
-- perhaps from when the tables were empty: loyalty_settle leaves itself and what it calls no way but the indexes.

-- A limited offer's parts are small and updated often: leave room on the page for the new versions.
ALTER TABLE loyalty_offer_budget SET (fillfactor = 50, autovacuum_vacuum_threshold = 1000);
ALTER TABLE loyalty_member SET (fillfactor = 80);

CREATE FUNCTION loyalty_parts() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 8';

-- Lay what is left of an offer out over its parts: evenly where there is much, else all in part 0, because
-- near the limit a till that finds its part empty has to look at all of them anyway. "Much" is SHARE (16)
-- more such discounts in every part. NULL is no limit. The caller holds the offer's row or all parts.
CREATE FUNCTION loyalty_lay_out(
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
CREATE FUNCTION loyalty_take(p_merchant bigint, p_offer bigint, p_mode text, p_amount bigint)
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
CREATE FUNCTION loyalty_points(p_member bigint, p_programme bigint, p_mode text)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_member IS NOT NULL
        THEN ledger_balance_for('member_points', p_member, 'points:' || p_programme, p_mode) END
$$;

-- Everything a quote needs besides the rules, as of one moment: the version of the rules, the newest category (they
-- are only ever added, and rules reach those below theirs), the member if this person is one, and what is left of the
-- limited offers asked for. No row where nothing was published. A function, because its plans are kept.
CREATE FUNCTION loyalty_snapshot(
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
CREATE FUNCTION loyalty_earn(
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

-- Settle a sale's quote: points for the member (NULL is nobody), and what its offers gave. Offers without a limit
-- have no budget and leave no trace here. Returns the member's points. A second call for the same sale does nothing.
-- Raises OK001 (detail: the offer) when a limited offer has too little left, OK002 as above.
CREATE FUNCTION loyalty_settle(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz,
    p_member bigint, p_milli bigint, p_points bigint, p_near_miss jsonb,
    p_offers bigint[], p_amounts bigint[]
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    balance bigint;
    given record;
BEGIN
    -- The member's own row first, the offers' that all tills want last; offers in one order.
    IF p_milli > 0 AND NOT EXISTS (SELECT FROM loyalty_earning WHERE sale_id = p_sale) THEN
        balance := loyalty_earn(
            p_sale, p_merchant, p_mode, p_at, p_member, p_milli, p_points, p_near_miss);
    ELSE
        SELECT loyalty_points(id, programme_id, mode) INTO balance FROM loyalty_member WHERE id = p_member;
    END IF;
    IF cardinality(p_offers) = 0 THEN
        RETURN balance;
    END IF;
    FOR given IN
        SELECT asked.offer, asked.amount
        FROM unnest(p_offers, p_amounts) AS asked(offer, amount)
        JOIN loyalty_offer_budget budget
            ON budget.offer_id = asked.offer AND budget.mode = p_mode AND budget.shard = 0
        ORDER BY asked.offer
    LOOP
        INSERT INTO loyalty_offer_use (offer_id, sale_id, merchant_id, mode, amount)
        VALUES (given.offer, p_sale, p_merchant, p_mode, given.amount)
        ON CONFLICT (offer_id, sale_id) DO NOTHING;
        IF FOUND AND NOT loyalty_take(p_merchant, given.offer, p_mode, given.amount) THEN
            RAISE EXCEPTION 'an offer has too little left'
                USING ERRCODE = 'OK001', DETAIL = given.offer;
        END IF;
    END LOOP;
    RETURN balance;
END
$$;
