-- Live never refers to test, nor one merchant to another's sale, whatever the code above it does.
ALTER TABLE payments_bank_account
    ADD CONSTRAINT bank_account_person_of_same_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode);

ALTER TABLE payments_payment
    ADD CONSTRAINT payment_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT payment_bank_account_of_same_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode);

ALTER TABLE payments_account
    ADD CONSTRAINT account_kind_has_this_owner
    FOREIGN KEY (kind, owner_type) REFERENCES payments_account_kind (kind, owner_type);
