-- Points that a family spends together. They stay on each member's own account; what a sale takes beyond its member's
-- own is drawn from the others first, in the sale's own statement, and then spent as any points. Whoever draws, joins
-- or leaves holds the pool's row first, then its members in the order of their ids, then accounts and lots as ever. Who
-- is in no pool pays for none of it: their sales call loyalty_spend, which is as it was.
ALTER TABLE loyalty_pool
    ADD CONSTRAINT pool_programme_of_same_merchant
    FOREIGN KEY (merchant_id, programme_id) REFERENCES loyalty_programme (merchant_id, id);
ALTER TABLE loyalty_pool_seat
    ADD CONSTRAINT pool_seat_pool_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, pool_id) REFERENCES loyalty_pool (merchant_id, mode, id),
    ADD CONSTRAINT pool_seat_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);
ALTER TABLE loyalty_pool_ask
    ADD CONSTRAINT pool_ask_pool_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, pool_id) REFERENCES loyalty_pool (merchant_id, mode, id),
    ADD CONSTRAINT pool_ask_by_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, by_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT pool_ask_person_of_same_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode);
ALTER TABLE loyalty_pool_draw
    ADD CONSTRAINT pool_draw_pool_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, pool_id) REFERENCES loyalty_pool (merchant_id, mode, id),
    ADD CONSTRAINT pool_draw_giver_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, giver_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT pool_draw_taker_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, taker_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT pool_draw_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);

CREATE TRIGGER pool_draw_never_changes BEFORE UPDATE OR DELETE ON loyalty_pool_draw
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('what was drawn from a pool stays so');

-- What the others of a pool have that this member may spend too: nothing where the merchant stopped pools, or the seat
-- is one that only brings.
CREATE FUNCTION loyalty_pool_rest(p_member bigint, p_pool bigint) RETURNS bigint
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT coalesce(sum(greatest(loyalty_points(other.id, other.programme_id, other.mode), 0)), 0)::bigint
    FROM loyalty_pool_seat own
    JOIN loyalty_gift_terms terms ON terms.merchant_id = own.merchant_id AND terms.families
    JOIN loyalty_pool_seat seat ON seat.pool_id = own.pool_id AND seat.member_id <> own.member_id
    JOIN loyalty_member other ON other.id = seat.member_id
    WHERE own.member_id = p_member AND own.pool_id = p_pool AND own.spends
$$;

-- As before (spending.sql), and for who is in a pool what the others have: {"pool": points}. Whether there is one stands
-- in the member's row, which is read anyway.
CREATE OR REPLACE FUNCTION loyalty_wanted(p_merchant bigint, p_person bigint, p_mode text, p_spends boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    IF p_person IS NULL OR NOT p_spends THEN
        RETURN '{}';
    END IF;
    RETURN coalesce((
        SELECT jsonb_build_object('wish', (
            SELECT jsonb_build_array(wish.id, wish.points, wish.reward_id) FROM loyalty_wish wish
            WHERE wish.member_id = member.id)) || CASE WHEN member.pool_id IS NULL THEN '{}'
                ELSE jsonb_build_object('pool', loyalty_pool_rest(member.id, member.pool_id)) END
        FROM loyalty_member member
        WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode), '{}');
END
$$;

-- Move p_points of one member of a pool to another, with the day on which they end, and write it down. The caller holds
-- both, and has found that they are there.
CREATE FUNCTION loyalty_draw(
    p_pool bigint, p_kind text, p_giver bigint, p_taker bigint, p_points bigint, p_sale bigint, p_at timestamptz
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    giver loyalty_member;
    taker loyalty_member;
    rolls_until timestamptz;
    the_draw bigint;
BEGIN
    SELECT * INTO giver FROM loyalty_member WHERE id = p_giver;
    SELECT * INTO taker FROM loyalty_member WHERE id = p_taker;
    INSERT INTO loyalty_pool_draw (pool_id, merchant_id, mode, kind, giver_id, taker_id, points, sale_id, drawn_at)
    VALUES (p_pool, giver.merchant_id, giver.mode, p_kind, p_giver, p_taker, p_points, p_sale, p_at)
    RETURNING id INTO the_draw;
    PERFORM ledger_transfer(
        'points_lent', the_draw::text, giver.mode, p_at, 'member_points', 'member', p_giver,
        'member_points', 'member', p_taker, 'points:' || giver.programme_id, p_points);
    IF giver.keeps_lots THEN
        PERFORM loyalty_use_lots(p_giver, p_points, 'points_lent', the_draw::text, p_at, NULL);
    END IF;
    IF taker.keeps_lots AND giver.keeps_lots THEN
        rolls_until := loyalty_rolling_end(p_giver);
        INSERT INTO loyalty_lot (
            merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
        SELECT taker.merchant_id, taker.mode, p_taker, used.points, used.points, p_at,
            CASE WHEN lot.rolling THEN rolls_until ELSE lot.expires_at END, false, false
        FROM loyalty_lot_use used JOIN loyalty_lot lot ON lot.id = used.lot_id
        WHERE lot.member_id = p_giver AND used.kind = 'points_lent' AND used.reference = the_draw::text
        ORDER BY lot.id;
    ELSIF taker.keeps_lots THEN
        -- The giver's are laid out within minutes: on the terms of that moment, as here.
        INSERT INTO loyalty_lot (
            merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
        SELECT taker.merchant_id, taker.mode, p_taker, p_points, p_points, p_at,
            loyalty_lot_end(programme.expiry, programme.expiry_length, p_at, merchant.timezone), false, false
        FROM loyalty_programme programme JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
        WHERE programme.id = taker.programme_id;
    END IF;
    IF p_kind = 'settled' THEN
        PERFORM loyalty_pay_debts_of(p_taker, taker.programme_id, 'draw-' || the_draw, p_at);
    END IF;
END
$$;

-- Hold a pool and its members, and with p_also one who wants in; nobody joins, leaves, draws or spends until the
-- transaction is over.
CREATE FUNCTION loyalty_hold_pool(p_pool bigint, p_also bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    PERFORM FROM loyalty_pool WHERE id = p_pool FOR NO KEY UPDATE;
    -- A statement of its own: it sees who came in while the pool was being waited for.
    PERFORM FROM loyalty_member member
    WHERE member.id = ANY (
        ARRAY(SELECT seat.member_id FROM loyalty_pool_seat seat WHERE seat.pool_id = p_pool) || p_also)
    ORDER BY member.id FOR NO KEY UPDATE;
END
$$;

-- As loyalty_spend, for who is in a pool: what the member lacks is drawn from the others, the lot that ends first before
-- all others, whoever has it. Where all of them together have too few, OK016 undoes it.
CREATE FUNCTION loyalty_spend_pooled(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_member bigint, p_points bigint,
    p_amount bigint, p_wish bigint, p_unused bigint, p_hold boolean, p_reward bigint
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_pool constant bigint := (SELECT pool_id FROM loyalty_member WHERE id = p_member);
    short bigint;
    part record;
BEGIN
    IF the_pool IS NOT NULL THEN
        PERFORM loyalty_hold_pool(the_pool);
        short := p_points - greatest(coalesce((
            SELECT loyalty_points(member.id, member.programme_id, member.mode) FROM loyalty_member member
            WHERE member.id = p_member AND member.merchant_id = p_merchant AND member.mode = p_mode), 0), 0);
        IF short > 0 AND short <= loyalty_pool_rest(p_member, the_pool)
            AND NOT EXISTS (SELECT FROM loyalty_spend WHERE sale_id = p_sale)
        THEN
            FOR part IN
                WITH there AS (
                    SELECT other.id AS member_id, lot.id AS lot_id, lot.remaining AS points, lot.earned_at,
                        CASE WHEN lot.rolling THEN loyalty_rolling_end(other.id) ELSE lot.expires_at END AS ends
                    FROM loyalty_pool_seat seat JOIN loyalty_member other ON other.id = seat.member_id
                    JOIN loyalty_lot lot ON lot.member_id = other.id AND lot.remaining > 0 AND NOT lot.is_pending
                    WHERE seat.pool_id = the_pool AND other.id <> p_member AND other.keeps_lots
                    UNION ALL
                    SELECT other.id, NULL, loyalty_points(other.id, other.programme_id, other.mode), other.joined_at, NULL
                    FROM loyalty_pool_seat seat JOIN loyalty_member other ON other.id = seat.member_id
                    WHERE seat.pool_id = the_pool AND other.id <> p_member AND NOT other.keeps_lots
                ), in_turn AS (
                    SELECT there.member_id, there.points, sum(there.points) OVER (
                        ORDER BY there.ends NULLS LAST, there.earned_at, there.member_id, there.lot_id
                    ) - there.points AS before
                    FROM there WHERE there.points > 0
                )
                SELECT in_turn.member_id, sum(least(in_turn.points, short - in_turn.before))::bigint AS points
                FROM in_turn WHERE in_turn.before < short
                GROUP BY in_turn.member_id ORDER BY in_turn.member_id
            LOOP
                PERFORM loyalty_draw(the_pool, 'spent', part.member_id, p_member, part.points, p_sale, p_at);
            END LOOP;
        END IF;
    END IF;
    RETURN loyalty_spend(
        p_sale, p_merchant, p_mode, p_at, p_member, p_points, p_amount, p_wish, p_unused, p_hold, p_reward);
END
$$;

-- How members of a pool stand: what each has, and what others got of it less what they got of others (lent).
CREATE FUNCTION loyalty_pool_standing(p_pool bigint, OUT member_id bigint, OUT points bigint, OUT lent bigint)
RETURNS SETOF record LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT seat.member_id, greatest(coalesce(loyalty_points(member.id, member.programme_id, member.mode), 0), 0),
        coalesce((
            SELECT sum(CASE WHEN draw.giver_id = seat.member_id THEN draw.points ELSE -draw.points END)
            FROM loyalty_pool_draw draw
            WHERE draw.pool_id = p_pool AND seat.member_id IN (draw.giver_id, draw.taker_id)), 0)::bigint
    FROM loyalty_pool_seat seat JOIN loyalty_member member ON member.id = seat.member_id
    WHERE seat.pool_id = p_pool ORDER BY seat.joined_at, seat.member_id
$$;
