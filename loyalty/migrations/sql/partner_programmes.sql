-- Points that several merchants share (docs/adr/0041). Each merchant's points stay its own, in its own asset; in a sale at
-- another shop of the circle they are drawn there first, and its merchant is owed their price in the same posting.
-- Whoever draws holds all of the person's members of the circle first, in the order of their ids, and with them those of
-- the family's pool at this shop, which the rest may come from; as everywhere, the pool itself before its members.
ALTER TABLE loyalty_points_draw
    ADD CONSTRAINT points_draw_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT points_draw_taker_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, taker_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT points_draw_giver_of_its_merchant_and_same_mode
    FOREIGN KEY (giver_merchant_id, mode, giver_id) REFERENCES loyalty_member (merchant_id, mode, id);

-- What so many points cost, half a cent up.
CREATE FUNCTION loyalty_draw_price(p_points bigint, p_price_points int, p_price_amount int) RETURNS bigint
LANGUAGE sql IMMUTABLE AS 'SELECT (2 * p_points * p_price_amount + p_price_points) / (2 * p_price_points)';

-- The same person's members at the other shops of the circle: who leaves one still takes part until its notice is over.
CREATE FUNCTION loyalty_sharing(p_member bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT other.id
    FROM loyalty_member member
    JOIN loyalty_circle_shop mine ON mine.merchant_id = member.merchant_id AND mine.state IN ('in', 'leaving')
    JOIN loyalty_circle_shop theirs ON theirs.circle_id = mine.circle_id AND theirs.merchant_id <> mine.merchant_id
        AND theirs.state IN ('in', 'leaving')
    JOIN loyalty_member other ON (other.person_id, other.merchant_id, other.mode)
        = (member.person_id, theirs.merchant_id, member.mode)
    WHERE member.id = p_member
$$;

-- The points that a member can spend besides those of this merchant; 0 for nobody.
CREATE FUNCTION loyalty_points_elsewhere(p_member bigint) RETURNS bigint
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT coalesce(sum(loyalty_points(other.id, other.programme_id, other.mode)), 0)::bigint
    FROM loyalty_member other WHERE other.id IN (SELECT loyalty_sharing(p_member))
$$;

-- The same for who scanned, beside loyalty_own in one statement; only merchants in a circle ask it.
CREATE FUNCTION loyalty_shared(p_merchant bigint, p_person bigint, p_mode text) RETURNS jsonb
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT jsonb_build_object('shared', coalesce((
        SELECT loyalty_points_elsewhere(member.id) FROM loyalty_member member
        WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode), 0))
$$;

-- Let points of one member become another's of the same person, at another merchant, which is owed p_owed for them (or
-- owes it, below zero). Their ends go along as with a gift. The caller holds both members.
CREATE FUNCTION loyalty_carry_points(
    giver loyalty_member, taker loyalty_member, p_points bigint, p_owed bigint, p_kind text, p_reference text,
    p_at timestamptz
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    given constant text := 'points:' || giver.programme_id;
    taken constant text := 'points:' || taker.programme_id;
    owed constant boolean := p_owed <> 0;
    rolls_until timestamptz;
BEGIN
    -- Where no cent is owed there is no line of it: the ledger takes none of nothing.
    PERFORM ledger_post_for(
        p_kind, p_reference, giver.mode, p_at,
        ARRAY['member_points', 'programme_points', 'programme_points', 'member_points']
            || CASE WHEN owed THEN ARRAY['circle_settlement', 'circle_settlement'] ELSE '{}' END,
        ARRAY['member', 'programme', 'programme', 'member']
            || CASE WHEN owed THEN ARRAY['merchant', 'merchant'] ELSE '{}' END,
        ARRAY[giver.id, giver.programme_id, taker.programme_id, taker.id]
            || CASE WHEN owed THEN ARRAY[giver.merchant_id, taker.merchant_id] ELSE '{}' END,
        ARRAY[given, given, taken, taken] || CASE WHEN owed THEN ARRAY['EUR', 'EUR'] ELSE '{}' END,
        ARRAY[-p_points, p_points, -p_points, p_points]
            || CASE WHEN owed THEN ARRAY[-p_owed, p_owed] ELSE '{}' END);
    IF giver.keeps_lots THEN
        rolls_until := loyalty_rolling_end(giver.id);
        PERFORM loyalty_use_lots(giver.id, p_points, p_kind, p_reference, p_at, NULL);
    END IF;
    -- What comes back goes into the lots it was drawn from (loyalty_refill_drawn).
    IF NOT taker.keeps_lots OR p_kind <> 'points_drawn' THEN
        RETURN;
    END IF;
    INSERT INTO loyalty_lot (
        merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
    SELECT taker.merchant_id, taker.mode, taker.id, part.points, part.points, p_at, part.ends, false, false
    FROM (
        SELECT used.points, CASE WHEN lot.rolling THEN rolls_until ELSE lot.expires_at END AS ends
        FROM loyalty_lot_use used JOIN loyalty_lot lot ON lot.id = used.lot_id
        WHERE giver.keeps_lots AND lot.member_id = giver.id AND used.kind = p_kind AND used.reference = p_reference
        UNION ALL
        SELECT p_points, loyalty_lot_end(programme.expiry, programme.expiry_length, p_at, merchant.timezone)
        FROM loyalty_programme programme JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
        WHERE NOT giver.keeps_lots AND programme.id = taker.programme_id
    ) AS part;
END
$$;

-- Draw what a member lacks of p_points from the same person's points at other shops of the circle, before the sale spends
-- them; return how many. Should they not be enough, spending refuses and all of it is undone. A second call does nothing.
CREATE FUNCTION loyalty_draw_shared(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_member bigint, p_points bigint
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    others constant bigint[] := ARRAY(SELECT loyalty_sharing(p_member));
    the_pool constant bigint := (SELECT pool_id FROM loyalty_member WHERE id = p_member);
    giver loyalty_member;
    taker loyalty_member;
    price record;
    short bigint;
    part bigint;
    drawn bigint := 0;
BEGIN
    PERFORM FROM loyalty_pool WHERE id = the_pool FOR NO KEY UPDATE;
    PERFORM FROM loyalty_member
    WHERE id = p_member OR id = ANY (
        others || ARRAY(SELECT seat.member_id FROM loyalty_pool_seat seat WHERE seat.pool_id = the_pool))
    ORDER BY id FOR NO KEY UPDATE;
    SELECT * INTO taker FROM loyalty_member WHERE id = p_member AND merchant_id = p_merchant AND mode = p_mode;
    IF taker.id IS NULL OR EXISTS (SELECT FROM loyalty_spend WHERE sale_id = p_sale) THEN
        RETURN 0;
    END IF;
    short := p_points - loyalty_points(taker.id, taker.programme_id, p_mode);
    SELECT circle.id, circle.points, circle.amount INTO price
    FROM loyalty_circle_shop shop JOIN loyalty_circle circle ON circle.id = shop.circle_id
    WHERE shop.merchant_id = p_merchant AND shop.state IN ('in', 'leaving');
    -- Where points end first; nobody else changes their lots meanwhile.
    FOR giver IN
        SELECT member.* FROM loyalty_member member WHERE member.id = ANY (others)
        ORDER BY (
            SELECT min(lot.expires_at) FROM loyalty_lot lot
            WHERE lot.member_id = member.id AND lot.remaining > 0 AND NOT lot.is_pending
        ) NULLS LAST, member.id
    LOOP
        part := least(short - drawn, loyalty_points(giver.id, giver.programme_id, p_mode));
        IF part > 0 THEN
            INSERT INTO loyalty_points_draw (
                sale_id, giver_id, giver_merchant_id, taker_id, merchant_id, mode, circle_id, points, back, steps,
                price_points, price_amount, drawn_at)
            VALUES (
                p_sale, giver.id, giver.merchant_id, taker.id, p_merchant, p_mode, price.id, part, 0, 0,
                price.points, price.amount, p_at);
            PERFORM loyalty_carry_points(
                giver, taker, part, loyalty_draw_price(part, price.points, price.amount),
                'points_drawn', p_sale || '-' || giver.id, p_at);
            drawn := drawn + part;
        END IF;
    END LOOP;
    RETURN drawn;
END
$$;

-- Put points back into the lots from which a sale had drawn them, so many of the p_points that follow on p_before: the
-- youngest lot first. One that has ended meanwhile gets days of grace. The caller holds the member.
CREATE FUNCTION loyalty_refill_drawn(
    the_member loyalty_member, p_drawn text, p_before bigint, p_points bigint, p_reference text, p_at timestamptz
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    rolls_until constant timestamptz := loyalty_rolling_end(the_member.id);
    terms record;
    grace_until timestamptz;
    rest bigint;
BEGIN
    SELECT programme.expiry, programme.expiry_length, merchant.timezone, coalesce(spending.grace_days, 0) AS grace_days
    INTO terms
    FROM loyalty_programme programme JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
    LEFT JOIN loyalty_spending spending ON spending.merchant_id = programme.merchant_id
    WHERE programme.id = the_member.programme_id;
    grace_until := ((p_at AT TIME ZONE terms.timezone)::date + terms.grace_days + 1)::timestamp
        AT TIME ZONE terms.timezone;
    WITH used AS (
        SELECT lot.id, used.points, sum(used.points) OVER (ORDER BY lot.earned_at DESC, lot.id DESC) AS upto
        FROM loyalty_lot_use used JOIN loyalty_lot lot ON lot.id = used.lot_id
        WHERE lot.member_id = the_member.id AND used.reference = p_drawn AND used.kind = 'points_drawn'
    ), part AS (
        SELECT id, least(upto, p_before + p_points) - greatest(upto - used.points, p_before) AS points FROM used
        WHERE upto > p_before AND upto - used.points < p_before + p_points
    ), filled AS (
        UPDATE loyalty_lot lot SET remaining = lot.remaining + part.points,
            expires_at = CASE WHEN CASE WHEN lot.rolling THEN rolls_until ELSE lot.expires_at END <= p_at
                THEN grace_until ELSE lot.expires_at END
        FROM part WHERE lot.id = part.id RETURNING lot.id, part.points
    ), noted AS (
        INSERT INTO loyalty_lot_use (lot_id, kind, reference, points, used_at)
        SELECT filled.id, 'points_drawn_back', p_reference, -filled.points, p_at FROM filled RETURNING points
    )
    SELECT p_points + coalesce(sum(points), 0) INTO rest FROM noted;
    IF rest > 0 THEN
        INSERT INTO loyalty_lot (
            merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
        VALUES (
            the_member.merchant_id, the_member.mode, the_member.id, rest, rest, p_at,
            loyalty_lot_end(terms.expiry, terms.expiry_length, p_at, terms.timezone), false,
            terms.expiry = 'inactive');
    END IF;
END
$$;

-- Hold the members whose points a sale has drawn, and its own, in the one order, before anything else touches them;
-- return how many draws there are.
CREATE FUNCTION loyalty_hold_drawn(p_sale bigint) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    members constant bigint[] := ARRAY(
        SELECT unnest(ARRAY[giver_id, taker_id]) FROM loyalty_points_draw WHERE sale_id = p_sale);
BEGIN
    IF cardinality(members) > 0 THEN
        PERFORM FROM loyalty_member WHERE id = ANY (members) ORDER BY id FOR NO KEY UPDATE;
    END IF;
    RETURN cardinality(members) / 2;
END
$$;

-- Send back what came back of the points that a sale had drawn, before what was the shop's own, and with it their price;
-- return how many. What is not there, because it paid what the member owed, stays. The caller holds the members.
CREATE FUNCTION loyalty_draw_back(p_sale bigint, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    drawn loyalty_points_draw;
    giver loyalty_member;
    taker loyalty_member;
    the_reference text;
    rest bigint;
    part bigint;
    sent bigint := 0;
BEGIN
    SELECT coalesce(max(spend.given_back), 0) - coalesce((
        SELECT sum(back) FROM loyalty_points_draw WHERE sale_id = p_sale), 0)
    INTO rest FROM loyalty_spend spend WHERE spend.sale_id = p_sale;
    FOR drawn IN
        SELECT * FROM loyalty_points_draw WHERE sale_id = p_sale AND back < points ORDER BY giver_id DESC FOR UPDATE
    LOOP
        SELECT * INTO giver FROM loyalty_member WHERE id = drawn.giver_id;
        SELECT * INTO taker FROM loyalty_member WHERE id = drawn.taker_id;
        part := least(rest - sent, drawn.points - drawn.back, loyalty_points(taker.id, taker.programme_id, drawn.mode));
        CONTINUE WHEN part <= 0;
        the_reference := p_sale || '-' || giver.id || '-' || drawn.steps + 1;
        UPDATE loyalty_points_draw SET back = back + part, steps = steps + 1
        WHERE sale_id = p_sale AND giver_id = giver.id;
        PERFORM loyalty_carry_points(
            taker, giver, part,
            loyalty_draw_price(drawn.points - drawn.back, drawn.price_points, drawn.price_amount)
                - loyalty_draw_price(drawn.points - drawn.back - part, drawn.price_points, drawn.price_amount),
            'points_drawn_back', the_reference, p_at);
        IF giver.keeps_lots THEN
            PERFORM loyalty_refill_drawn(giver, p_sale || '-' || giver.id, drawn.back, part, the_reference, p_at);
        END IF;
        PERFORM loyalty_settle_back(giver, 'draw-' || the_reference, p_at);
        sent := sent + part;
    END LOOP;
    RETURN sent;
END
$$;

-- End the hold of a sale that never was (loyalty_end_hold), and send back what it had drawn.
CREATE FUNCTION loyalty_end_shared_hold(p_sale bigint, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    draws constant bigint := loyalty_hold_drawn(p_sale);
    back constant bigint := loyalty_end_hold(p_sale, p_at);
BEGIN
    IF draws > 0 THEN
        PERFORM loyalty_draw_back(p_sale, p_at);
    END IF;
    RETURN back;
END
$$;

-- As loyalty_settle, for a merchant in a circle: the points a member has are those of all its shops.
CREATE FUNCTION loyalty_settle_shared(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz,
    p_member bigint, p_milli bigint, p_points bigint, p_near_miss jsonb,
    p_offers bigint[], p_amounts bigint[]
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    own constant bigint := loyalty_settle(
        p_sale, p_merchant, p_mode, p_at, p_member, p_milli, p_points, p_near_miss, p_offers, p_amounts);
    elsewhere constant bigint := loyalty_points_elsewhere(p_member);
BEGIN
    IF elsewhere > 0 THEN
        UPDATE loyalty_earning SET balance = own + elsewhere WHERE sale_id = p_sale;
    END IF;
    RETURN own + elsewhere;
END
$$;

CREATE TRIGGER points_draw_is_never_deleted BEFORE DELETE ON loyalty_points_draw
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('points that were drawn are sent back, never deleted');
CREATE TRIGGER points_draw_stays_as_agreed
    BEFORE UPDATE OF sale_id, giver_id, giver_merchant_id, taker_id, merchant_id, mode, circle_id, points, price_points,
        price_amount, drawn_at ON loyalty_points_draw
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('points are drawn at the price of that day');
