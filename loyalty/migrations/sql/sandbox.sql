-- What loyalty_activate_lots and loyalty_expire_lots do for everybody, for the test members of one merchant: the clock
-- of a sandbox is its own. Returns the members that had something due.
CREATE FUNCTION loyalty_turn_test_lots(p_merchant bigint, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    the_lot loyalty_lot;
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
