-- The clock of a sandbox is its own: what is due for everybody by OK's clock is due for its members by theirs.

-- Book out the points of one member whose last day is over. Rolling lots of who has bought meanwhile get the later end
-- instead. The caller holds the member.
CREATE FUNCTION loyalty_expire(the_member loyalty_member, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_lot loyalty_lot;
BEGIN
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
END
$$;

-- The same for whoever has points that end; return the number of members that were looked at.
CREATE OR REPLACE FUNCTION loyalty_expire_lots(p_now timestamptz, p_most int) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
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
        PERFORM loyalty_expire(the_member, p_now);
        touched := touched + 1;
    END LOOP;
    RETURN touched;
END
$$;

-- Let points count and end for the test members of one merchant; return those that had something due.
CREATE FUNCTION loyalty_turn_test_lots(p_merchant bigint, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    touched bigint := 0;
BEGIN
    FOR the_member IN
        SELECT member.* FROM loyalty_member member
        WHERE member.merchant_id = p_merchant AND member.mode = 'test'
            AND EXISTS (
                SELECT FROM loyalty_lot due
                WHERE due.member_id = member.id
                    AND (due.is_pending AND due.spendable_at <= p_now
                        OR due.remaining > 0 AND NOT due.is_pending AND due.expires_at <= p_now))
        ORDER BY member.id FOR NO KEY UPDATE
    LOOP
        PERFORM loyalty_activate(the_member, p_now, p_now);
        PERFORM loyalty_expire(the_member, p_now);
        touched := touched + 1;
    END LOOP;
    RETURN touched;
END
$$;
