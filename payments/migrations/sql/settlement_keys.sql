-- Live never refers to test, a mandate never to another's bank account, nor a payout to another merchant's bookings.
ALTER TABLE payments_mandate
    ADD CONSTRAINT mandate_bank_account_of_same_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode);

ALTER TABLE payments_outgoing_file
    ADD CONSTRAINT outgoing_file_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode);

ALTER TABLE payments_collection
    ADD CONSTRAINT collection_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode),
    ADD CONSTRAINT collection_mandate_of_same_bank_account
    FOREIGN KEY (bank_account_id, mode, mandate_id) REFERENCES payments_mandate (bank_account_id, mode, id);

ALTER TABLE payments_collection_item
    ADD CONSTRAINT collection_item_bank_account_of_same_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode),
    ADD CONSTRAINT collection_item_of_same_bank_account
    FOREIGN KEY (bank_account_id, mode, collection_id) REFERENCES payments_collection (bank_account_id, mode, id);

ALTER TABLE payments_payout
    ADD CONSTRAINT payout_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode);

ALTER TABLE payments_payout_item
    ADD CONSTRAINT payout_item_of_same_merchant
    FOREIGN KEY (merchant_id, mode, payout_id) REFERENCES payments_payout (merchant_id, mode, id);
