ALTER TABLE loyalty_supplier_share
    DROP CONSTRAINT supplier_share_supplier_of_same_merchant,
    DROP CONSTRAINT supplier_share_offer_of_same_merchant,
    DROP CONSTRAINT supplier_share_sale_of_same_merchant_and_mode;
ALTER TABLE loyalty_offer_share
    DROP CONSTRAINT offer_share_supplier_of_same_merchant,
    DROP CONSTRAINT offer_share_offer_of_same_merchant;
