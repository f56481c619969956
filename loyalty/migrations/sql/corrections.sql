-- Points that move without a sale: always with a row that says why, and its posting.
ALTER TABLE loyalty_points_move
    ADD CONSTRAINT points_move_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);
ALTER TABLE loyalty_correction
    ADD CONSTRAINT correction_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);

-- Only its words may go, when the member leaves OK.
CREATE TRIGGER points_move_never_changes
    BEFORE DELETE OR UPDATE OF id, member_id, merchant_id, mode, kind, points, moved_at ON loyalty_points_move
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('a move of points never changes');

-- Give a member p_points, or take them (below zero), and return the move's id. What is given lies in a lot for who
-- keeps them, which ends at p_ends, or where that is NULL on the programme's terms as they are now; and it pays what
-- the member owes. What is taken goes from what can be spent; where that is less, OK131 undoes all of it.
CREATE FUNCTION loyalty_move_points(
    p_member bigint, p_kind text, p_points bigint, p_words text, p_ends timestamptz, p_at timestamptz
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    the_move bigint;
BEGIN
    SELECT * INTO the_member FROM loyalty_member WHERE id = p_member FOR NO KEY UPDATE;
    INSERT INTO loyalty_points_move (member_id, merchant_id, mode, kind, points, words, moved_at)
    VALUES (p_member, the_member.merchant_id, the_member.mode, p_kind, p_points, p_words, p_at)
    RETURNING id INTO the_move;
    IF p_points < 0 THEN
        IF loyalty_take_points(
            'points_' || p_kind, the_move::text, the_member.mode, p_at, p_member, the_member.programme_id, -p_points,
            NULL) < -p_points
        THEN
            RAISE EXCEPTION 'the member has fewer points to spend' USING ERRCODE = 'OK131';
        END IF;
        RETURN the_move;
    END IF;
    PERFORM ledger_transfer(
        'points_' || p_kind, the_move::text, the_member.mode, p_at, 'programme_points', 'programme',
        the_member.programme_id, 'member_points', 'member', p_member, 'points:' || the_member.programme_id, p_points);
    IF the_member.keeps_lots THEN
        INSERT INTO loyalty_lot (
            merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
        SELECT the_member.merchant_id, the_member.mode, p_member, p_points, p_points, p_at,
            coalesce(p_ends, loyalty_lot_end(
                programme.expiry, programme.expiry_length, p_at, merchant.timezone)),
            false, p_ends IS NULL AND programme.expiry = 'inactive'
        FROM loyalty_programme programme JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
        WHERE programme.id = the_member.programme_id;
    END IF;
    PERFORM loyalty_pay_debts_of(p_member, the_member.programme_id, 'move-' || the_move, p_at);
    RETURN the_move;
END
$$;
