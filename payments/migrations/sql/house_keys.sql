-- Live never refers to test, nor one account of ours to the lines of another, whatever the code above it does.
ALTER TABLE payments_expectation
    ADD CONSTRAINT expectation_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode),
    ADD CONSTRAINT expectation_reference_is_normalised
    CHECK (normalised_reference ~ '^([A-Z0-9]+( [A-Z0-9]+)*)?$');

ALTER TABLE payments_bank_statement
    ADD CONSTRAINT bank_statement_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode);

-- A statement is written after its lines, when all of it was read and adds up.
ALTER TABLE payments_bank_entry
    ADD CONSTRAINT bank_entry_statement_of_same_account
    FOREIGN KEY (statement_id, house_account_id, mode)
    REFERENCES payments_bank_statement (id, house_account_id, mode) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE payments_match
    ADD CONSTRAINT match_entry_of_same_account
    FOREIGN KEY (entry_id, house_account_id, mode)
    REFERENCES payments_bank_entry (id, house_account_id, mode),
    ADD CONSTRAINT match_expectation_of_same_account
    FOREIGN KEY (expectation_id, house_account_id, mode)
    REFERENCES payments_expectation (id, house_account_id, mode);
