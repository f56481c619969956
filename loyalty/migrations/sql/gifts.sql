ALTER TABLE loyalty_points_gift
    ADD CONSTRAINT points_gift_giver_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, giver_id) REFERENCES loyalty_member (merchant_id, mode, id);

-- Let p_points of one member become another's, of the same programme, and return both moves. They end when they would
-- have ended with who gave them, and do not roll on with what the other buys. The caller holds both members.
CREATE FUNCTION loyalty_give_points(
    p_from bigint, p_to bigint, p_points bigint, p_at timestamptz, OUT given bigint, OUT received bigint
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    giver loyalty_member;
    taker loyalty_member;
    rolls_until timestamptz;
BEGIN
    SELECT * INTO giver FROM loyalty_member WHERE id = p_from;
    SELECT * INTO taker FROM loyalty_member WHERE id = p_to;
    IF p_from = p_to OR (giver.programme_id, giver.mode) IS DISTINCT FROM (taker.programme_id, taker.mode) THEN
        RAISE EXCEPTION 'points go from one member of a programme to another' USING ERRCODE = 'data_exception';
    END IF;
    given := loyalty_move_points(p_from, 'given', -p_points, '', NULL, p_at);
    INSERT INTO loyalty_points_move (member_id, merchant_id, mode, kind, points, words, moved_at)
    VALUES (p_to, taker.merchant_id, taker.mode, 'received', p_points, '', p_at)
    RETURNING id INTO received;
    PERFORM ledger_transfer(
        'points_received', received::text, taker.mode, p_at, 'programme_points', 'programme', taker.programme_id,
        'member_points', 'member', p_to, 'points:' || taker.programme_id, p_points);
    IF taker.keeps_lots AND giver.keeps_lots THEN
        rolls_until := loyalty_rolling_end(p_from);
        INSERT INTO loyalty_lot (
            merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
        SELECT taker.merchant_id, taker.mode, p_to, used.points, used.points, p_at,
            CASE WHEN lot.rolling THEN rolls_until ELSE lot.expires_at END, false, false
        FROM loyalty_lot_use used JOIN loyalty_lot lot ON lot.id = used.lot_id
        WHERE lot.member_id = p_from AND used.kind = 'points_given' AND used.reference = given::text
        ORDER BY lot.id;
    ELSIF taker.keeps_lots THEN
        -- The giver's are laid out within minutes: on the terms of that moment, as here.
        INSERT INTO loyalty_lot (
            merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
        SELECT taker.merchant_id, taker.mode, p_to, p_points, p_points, p_at,
            loyalty_lot_end(programme.expiry, programme.expiry_length, p_at, merchant.timezone), false, false
        FROM loyalty_programme programme JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
        WHERE programme.id = taker.programme_id;
    END IF;
    PERFORM loyalty_pay_debts_of(p_to, taker.programme_id, 'move-' || received, p_at);
END
$$;
