-- A row of one merchant can only refer to rows of the same merchant, whatever the code above it does.
ALTER TABLE parties_terminal
    ADD CONSTRAINT terminal_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id);

ALTER TABLE parties_membership
    ADD CONSTRAINT membership_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id);

ALTER TABLE parties_apikey
    ADD CONSTRAINT api_key_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id),
    ADD CONSTRAINT api_key_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id) REFERENCES parties_terminal (merchant_id, store_id, id),
    ADD CONSTRAINT api_key_partner_has_a_grant
    FOREIGN KEY (merchant_id, partner_id) REFERENCES parties_partnergrant (merchant_id, partner_id);
