ALTER TABLE payments_payout_item DROP CONSTRAINT payout_item_of_same_merchant;
ALTER TABLE payments_payout DROP CONSTRAINT payout_house_account_of_same_mode;
ALTER TABLE payments_collection_item
    DROP CONSTRAINT collection_item_of_same_bank_account,
    DROP CONSTRAINT collection_item_bank_account_of_same_mode;
ALTER TABLE payments_collection
    DROP CONSTRAINT collection_mandate_of_same_bank_account,
    DROP CONSTRAINT collection_house_account_of_same_mode;
ALTER TABLE payments_outgoing_file DROP CONSTRAINT outgoing_file_house_account_of_same_mode;
ALTER TABLE payments_mandate DROP CONSTRAINT mandate_bank_account_of_same_mode;
