DROP FUNCTION loyalty_pool_standing, loyalty_spend_pooled, loyalty_hold_pool, loyalty_draw;
CREATE OR REPLACE FUNCTION loyalty_wanted(p_merchant bigint, p_person bigint, p_mode text, p_spends boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    IF p_person IS NULL OR NOT p_spends THEN
        RETURN '{}';
    END IF;
    RETURN jsonb_build_object('wish', (
        SELECT jsonb_build_array(wish.id, wish.points, wish.reward_id) FROM loyalty_wish wish
        WHERE wish.member_id = (
            SELECT member.id FROM loyalty_member member
            WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode)));
END
$$;
DROP FUNCTION loyalty_pool_rest;
DROP TRIGGER pool_draw_never_changes ON loyalty_pool_draw;
ALTER TABLE loyalty_pool_draw
    DROP CONSTRAINT pool_draw_sale_of_same_merchant_and_mode,
    DROP CONSTRAINT pool_draw_taker_of_same_merchant_and_mode,
    DROP CONSTRAINT pool_draw_giver_of_same_merchant_and_mode,
    DROP CONSTRAINT pool_draw_pool_of_same_merchant_and_mode;
ALTER TABLE loyalty_pool_ask
    DROP CONSTRAINT pool_ask_person_of_same_mode,
    DROP CONSTRAINT pool_ask_by_of_same_merchant_and_mode,
    DROP CONSTRAINT pool_ask_pool_of_same_merchant_and_mode;
ALTER TABLE loyalty_pool_seat
    DROP CONSTRAINT pool_seat_member_of_same_merchant_and_mode,
    DROP CONSTRAINT pool_seat_pool_of_same_merchant_and_mode;
ALTER TABLE loyalty_pool DROP CONSTRAINT pool_programme_of_same_merchant;
