DROP TRIGGER confirmation_keeps_its_question ON payments_confirmation;
DROP TRIGGER confirmation_moves ON payments_confirmation;
ALTER TABLE payments_confirmation
    DROP CONSTRAINT confirmation_bank_account_in_mode,
    DROP CONSTRAINT confirmation_person_in_mode,
    DROP CONSTRAINT confirmation_sale_of_same_merchant_and_mode;
