-- A supplier pays for offers and sales of its own merchant, whatever the code above it does.
ALTER TABLE loyalty_offer_share
    ADD CONSTRAINT offer_share_offer_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id),
    ADD CONSTRAINT offer_share_supplier_of_same_merchant
    FOREIGN KEY (merchant_id, supplier_id) REFERENCES loyalty_supplier (merchant_id, id);
ALTER TABLE loyalty_supplier_share
    ADD CONSTRAINT supplier_share_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT supplier_share_offer_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id),
    ADD CONSTRAINT supplier_share_supplier_of_same_merchant
    FOREIGN KEY (merchant_id, supplier_id) REFERENCES loyalty_supplier (merchant_id, id);
