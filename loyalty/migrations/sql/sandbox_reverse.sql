DROP FUNCTION loyalty_turn_test_lots(bigint, timestamptz);
CREATE OR REPLACE FUNCTION loyalty_expire_lots(p_now timestamptz, p_most int) RETURNS bigint
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
DROP FUNCTION loyalty_expire(loyalty_member, timestamptz);
