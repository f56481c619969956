DROP FUNCTION loyalty_donate, loyalty_give_points_back, loyalty_spend, loyalty_end_hold, loyalty_settle_back, loyalty_refill_lots,
    loyalty_wanted;
DROP INDEX lot_use_spent;
ALTER TABLE loyalty_spend_back DROP CONSTRAINT spend_back_return_of_same_merchant_and_mode;
ALTER TABLE loyalty_spend
    DROP CONSTRAINT spend_reward_of_same_merchant,
    DROP CONSTRAINT spend_member_of_same_merchant_and_mode,
    DROP CONSTRAINT spend_sale_of_same_merchant_and_mode;
ALTER TABLE loyalty_wish
    DROP CONSTRAINT wish_reward_of_same_merchant,
    DROP CONSTRAINT wish_member_of_same_merchant_and_mode;
ALTER TABLE loyalty_donation
    DROP CONSTRAINT donation_reward_of_same_merchant,
    DROP CONSTRAINT donation_member_of_same_merchant_and_mode;
DROP TRIGGER donation_never_changes ON loyalty_donation;
ALTER TABLE loyalty_spending DROP CONSTRAINT spending_goes_in_whole_steps;
DROP TRIGGER spend_back_never_changes ON loyalty_spend_back;
DROP TRIGGER spend_is_never_deleted ON loyalty_spend;
