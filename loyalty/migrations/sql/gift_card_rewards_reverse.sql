DROP TRIGGER card_for_points_never_changes ON loyalty_card_for_points;
DROP FUNCTION loyalty_take_gift_card;
ALTER TABLE loyalty_card_for_points
    DROP CONSTRAINT card_for_points_card_of_same_merchant_and_mode,
    DROP CONSTRAINT card_for_points_member_of_same_merchant_and_mode,
    DROP CONSTRAINT card_for_points_reward_of_same_merchant;
