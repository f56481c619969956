DROP FUNCTION loyalty_give_own_back, loyalty_release_member, loyalty_count_member, loyalty_got;
ALTER TABLE loyalty_member_offer_use
    DROP CONSTRAINT member_offer_use_of_its_counter,
    DROP CONSTRAINT member_offer_use_sale_of_same_merchant_and_mode;
ALTER TABLE loyalty_member_offer
    DROP CONSTRAINT member_offer_member_of_same_merchant_and_mode,
    DROP CONSTRAINT member_offer_offer_of_same_merchant;
