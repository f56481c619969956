ALTER TABLE trade_sale
    DROP CONSTRAINT sale_person_of_same_mode,
    DROP CONSTRAINT sale_terminal_of_same_store,
    DROP CONSTRAINT sale_store_of_same_merchant;
ALTER TABLE trade_product DROP CONSTRAINT product_category_of_same_merchant;
ALTER TABLE trade_category DROP CONSTRAINT category_parent_of_same_merchant;
