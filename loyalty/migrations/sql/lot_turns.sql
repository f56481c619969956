-- What happens to lots by the clock, and when a programme begins or ends to keep them. Each function takes so many at
-- a time, holds the members in one order, and finds nothing the second time it looks.

-- Let pending points count whose day has come, and pay what their members owe; return the number of members.
CREATE FUNCTION loyalty_activate_lots(p_now timestamptz, p_most int) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    lot record;
    touched bigint := 0;
BEGIN
    FOR the_member IN
        SELECT member.* FROM loyalty_member member
        WHERE member.id IN (
            SELECT due.member_id FROM loyalty_lot due WHERE due.is_pending AND due.spendable_at <= p_now
            ORDER BY due.spendable_at LIMIT p_most)
        ORDER BY member.id FOR NO KEY UPDATE
    LOOP
        PERFORM loyalty_activate(the_member, p_now, p_now);
        touched := touched + 1;
    END LOOP;
    RETURN touched;
END
$$;

-- The same for one member who is held: all pending points that count from p_until on at the latest.
CREATE FUNCTION loyalty_activate(the_member loyalty_member, p_until timestamptz, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    lot record;
BEGIN
    FOR lot IN
        UPDATE loyalty_lot SET is_pending = false
        WHERE member_id = the_member.id AND is_pending AND spendable_at <= p_until
        RETURNING id, remaining
    LOOP
        IF lot.remaining > 0 THEN
            PERFORM ledger_transfer(
                'points_activated', lot.id::text, the_member.mode, p_now, 'member_points_pending', 'member',
                the_member.id, 'member_points', 'member', the_member.id,
                'points:' || the_member.programme_id, lot.remaining);
            PERFORM loyalty_pay_debts_of(the_member.id, the_member.programme_id, 'lot-' || lot.id, p_now);
        END IF;
    END LOOP;
END
$$;

-- Book out what is left of a lot that nobody will spend. The caller holds the member.
CREATE FUNCTION loyalty_break(the_lot loyalty_lot, p_programme bigint, p_reason text, p_kind text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_breakage bigint;
BEGIN
    INSERT INTO loyalty_breakage (member_id, merchant_id, mode, lot_id, reason, points, booked_at)
    VALUES (
        the_lot.member_id, the_lot.merchant_id, the_lot.mode, the_lot.id, p_reason, the_lot.remaining, p_now)
    RETURNING id INTO the_breakage;
    PERFORM ledger_transfer(
        p_kind, the_breakage::text, the_lot.mode, p_now,
        CASE WHEN the_lot.is_pending THEN 'member_points_pending' ELSE 'member_points' END, 'member',
        the_lot.member_id, 'programme_points', 'programme', p_programme, 'points:' || p_programme, the_lot.remaining);
    INSERT INTO loyalty_lot_use (lot_id, kind, reference, points, used_at)
    VALUES (the_lot.id, p_kind, the_breakage::text, the_lot.remaining, p_now);
    UPDATE loyalty_lot SET remaining = 0, is_pending = false WHERE id = the_lot.id;
END
$$;

-- Book out the points whose last day is over; return the number of members that were looked at. Rolling lots of who
-- has bought meanwhile get the later end instead.
CREATE FUNCTION loyalty_expire_lots(p_now timestamptz, p_most int) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    the_lot loyalty_lot;
    touched bigint := 0;
BEGIN
    FOR the_member IN
        SELECT member.* FROM loyalty_member member
        WHERE member.id IN (
            SELECT due.member_id FROM loyalty_lot due
            WHERE due.remaining > 0 AND NOT due.is_pending AND due.expires_at <= p_now
            ORDER BY due.expires_at LIMIT p_most)
        ORDER BY member.id FOR NO KEY UPDATE
    LOOP
        UPDATE loyalty_lot lot SET expires_at = latest.ends
        FROM (SELECT loyalty_rolling_end(the_member.id) AS ends) AS latest
        WHERE lot.member_id = the_member.id AND lot.rolling AND lot.remaining > 0 AND lot.expires_at < latest.ends;
        FOR the_lot IN
            SELECT * FROM loyalty_lot
            WHERE member_id = the_member.id AND remaining > 0 AND NOT is_pending AND expires_at <= p_now
            ORDER BY expires_at, earned_at, id
        LOOP
            PERFORM loyalty_break(the_lot, the_member.programme_id, 'expired', 'points_expired', p_now);
        END LOOP;
        touched := touched + 1;
    END LOOP;
    RETURN touched;
END
$$;

-- Book out all that a member who leaves OK still has, pending or not; return how many points.
CREATE FUNCTION loyalty_lapse(p_member bigint, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    the_lot loyalty_lot;
    left_behind bigint := 0;
    the_breakage bigint;
BEGIN
    SELECT * INTO the_member FROM loyalty_member WHERE id = p_member FOR NO KEY UPDATE;
    IF the_member.keeps_lots THEN
        FOR the_lot IN SELECT * FROM loyalty_lot WHERE member_id = p_member AND remaining > 0 ORDER BY id LOOP
            PERFORM loyalty_break(the_lot, the_member.programme_id, 'left', 'points_lapsed', p_now);
            left_behind := left_behind + the_lot.remaining;
        END LOOP;
        RETURN left_behind;
    END IF;
    left_behind := loyalty_points(p_member, the_member.programme_id, the_member.mode);
    IF left_behind > 0 THEN
        INSERT INTO loyalty_breakage (member_id, merchant_id, mode, reason, points, booked_at)
        VALUES (p_member, the_member.merchant_id, the_member.mode, 'left', left_behind, p_now)
        RETURNING id INTO the_breakage;
        PERFORM ledger_transfer(
            'points_lapsed', the_breakage::text, the_member.mode, p_now, 'member_points', 'member', p_member,
            'programme_points', 'programme', the_member.programme_id, 'points:' || the_member.programme_id,
            left_behind);
    END IF;
    RETURN left_behind;
END
$$;

-- Bring members of a programme, from p_after on, to how its terms have them keep their points; return how many, and
-- where to go on. Who begins with lots gets one of all that there is, on the terms of this moment; who ends with them
-- keeps every point, pending ones too, and none of them ends.
CREATE FUNCTION loyalty_lay_out_lots(
    p_programme bigint, p_after timestamptz, p_now timestamptz, p_most int, OUT touched bigint, OUT upto timestamptz
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    terms record;
    the_member loyalty_member;
    there bigint;
BEGIN
    touched := 0;
    SELECT loyalty_wants_lots(programme.pending_days, programme.expiry) AS lots, programme.expiry,
        loyalty_lot_end(programme.expiry, programme.expiry_length, p_now, merchant.timezone) AS ends
    INTO terms
    FROM loyalty_programme programme JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
    WHERE programme.id = p_programme FOR NO KEY UPDATE OF programme;
    FOR the_member IN
        SELECT * FROM loyalty_member
        WHERE programme_id = p_programme AND joined_at >= p_after AND keeps_lots <> terms.lots
        ORDER BY joined_at, id LIMIT p_most FOR NO KEY UPDATE
    LOOP
        touched := touched + 1;
        upto := the_member.joined_at;
        IF terms.lots THEN
            there := loyalty_points(the_member.id, p_programme, the_member.mode);
            INSERT INTO loyalty_lot (
                merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
            SELECT the_member.merchant_id, the_member.mode, the_member.id, there, there, p_now, terms.ends, false,
                terms.expiry = 'inactive'
            WHERE there > 0;
        ELSE
            PERFORM loyalty_activate(the_member, 'infinity', p_now);
            INSERT INTO loyalty_lot_use (lot_id, kind, reference, points, used_at)
            SELECT id, 'lots_ended', the_member.id::text, remaining, p_now
            FROM loyalty_lot WHERE member_id = the_member.id AND remaining > 0;
            UPDATE loyalty_lot SET remaining = 0 WHERE member_id = the_member.id AND remaining > 0;
        END IF;
        UPDATE loyalty_member SET keeps_lots = terms.lots WHERE id = the_member.id;
    END LOOP;
    IF touched < p_most THEN
        UPDATE loyalty_programme SET lots_laid_out = true WHERE id = p_programme AND p_after = '-infinity';
    END IF;
END
$$;
