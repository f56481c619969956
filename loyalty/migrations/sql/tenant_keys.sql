-- A row of one merchant can only refer to rows of the same merchant, and live never to test, whatever the code above
-- it does. Offers and programmes imply their merchant.
ALTER TABLE loyalty_member
    ADD CONSTRAINT member_programme_of_same_merchant
    FOREIGN KEY (merchant_id, programme_id) REFERENCES loyalty_programme (merchant_id, id),
    ADD CONSTRAINT member_person_of_same_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode);

ALTER TABLE loyalty_offer_budget
    ADD CONSTRAINT offer_budget_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id);

ALTER TABLE loyalty_offer_use
    ADD CONSTRAINT offer_use_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id),
    ADD CONSTRAINT offer_use_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);

ALTER TABLE loyalty_earning
    ADD CONSTRAINT earning_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT earning_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);
