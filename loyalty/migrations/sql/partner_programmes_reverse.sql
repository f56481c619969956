DROP FUNCTION loyalty_settle_shared(
    bigint, bigint, text, timestamptz, bigint, bigint, bigint, jsonb, bigint[], bigint[]);
DROP FUNCTION loyalty_end_shared_hold(bigint, timestamptz);
DROP FUNCTION loyalty_draw_back(bigint, timestamptz);
DROP FUNCTION loyalty_hold_drawn(bigint);
DROP FUNCTION loyalty_refill_drawn(loyalty_member, text, bigint, bigint, text, timestamptz);
DROP FUNCTION loyalty_draw_shared(bigint, bigint, text, timestamptz, bigint, bigint);
DROP FUNCTION loyalty_carry_points(loyalty_member, loyalty_member, bigint, bigint, text, text, timestamptz);
DROP FUNCTION loyalty_shared(bigint, bigint, text);
DROP FUNCTION loyalty_points_elsewhere(bigint);
DROP FUNCTION loyalty_sharing(bigint);
DROP FUNCTION loyalty_draw_price(bigint, int, int);
DROP TRIGGER points_draw_is_never_deleted ON loyalty_points_draw;
DROP TRIGGER points_draw_stays_as_agreed ON loyalty_points_draw;
ALTER TABLE loyalty_points_draw
    DROP CONSTRAINT points_draw_sale_of_same_merchant_and_mode,
    DROP CONSTRAINT points_draw_taker_of_same_merchant_and_mode,
    DROP CONSTRAINT points_draw_giver_of_its_merchant_and_same_mode;
