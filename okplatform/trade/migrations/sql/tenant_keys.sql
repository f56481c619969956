-- A row of one merchant can only refer to rows of the same merchant, and live never to test,
-- whatever the code above it does. A sale's store implies its merchant. Lines and tenders are held
-- to their sale, and lines to their products, by facts_stay.sql: set-wise, without locking.
ALTER TABLE trade_category
    ADD CONSTRAINT category_parent_of_same_merchant
    FOREIGN KEY (merchant_id, parent_id) REFERENCES trade_category (merchant_id, id);

ALTER TABLE trade_product
    ADD CONSTRAINT product_category_of_same_merchant
    FOREIGN KEY (merchant_id, category_id) REFERENCES trade_category (merchant_id, id);

ALTER TABLE trade_sale
    ADD CONSTRAINT sale_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id),
    ADD CONSTRAINT sale_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id)
    REFERENCES parties_terminal (merchant_id, store_id, id),
    ADD CONSTRAINT sale_person_of_same_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode);
