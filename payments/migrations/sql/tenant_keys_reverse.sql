ALTER TABLE payments_account DROP CONSTRAINT account_kind_has_this_owner;
ALTER TABLE payments_payment
    DROP CONSTRAINT payment_bank_account_of_same_mode,
    DROP CONSTRAINT payment_sale_of_same_merchant_and_mode;
ALTER TABLE payments_bank_account DROP CONSTRAINT bank_account_person_of_same_mode;
