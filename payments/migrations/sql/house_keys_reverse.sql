ALTER TABLE payments_match
    DROP CONSTRAINT match_expectation_of_same_account,
    DROP CONSTRAINT match_entry_of_same_account;
ALTER TABLE payments_bank_entry DROP CONSTRAINT bank_entry_statement_of_same_account;
ALTER TABLE payments_bank_statement DROP CONSTRAINT bank_statement_house_account_of_same_mode;
ALTER TABLE payments_expectation
    DROP CONSTRAINT expectation_reference_is_normalised,
    DROP CONSTRAINT expectation_house_account_of_same_mode;
