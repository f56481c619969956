DROP FUNCTION loyalty_give_coupons_back, loyalty_release_coupons, loyalty_take_coupons, loyalty_count_coupon,
    loyalty_own;
ALTER TABLE loyalty_kept_coupon
    DROP CONSTRAINT kept_coupon_of_its_series,
    DROP CONSTRAINT kept_coupon_of_same_merchant;
ALTER TABLE loyalty_coupon_use
    DROP CONSTRAINT coupon_use_coupon_of_its_series,
    DROP CONSTRAINT coupon_use_series_of_same_merchant,
    DROP CONSTRAINT coupon_use_sale_of_same_merchant_and_mode,
    DROP CONSTRAINT coupon_use_return_of_same_merchant_and_mode;
ALTER TABLE loyalty_coupon
    DROP CONSTRAINT coupon_series_of_same_merchant;
ALTER TABLE loyalty_coupon_series
    DROP CONSTRAINT coupon_series_offer_of_same_merchant;
