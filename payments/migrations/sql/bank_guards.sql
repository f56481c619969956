-- What the bank said stays as it said it, and what came for what stays decided.

CREATE TRIGGER house_account_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_house_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an account of ours is never deleted');

CREATE TRIGGER house_account_keeps_its_number BEFORE UPDATE OF id, mode, iban, currency ON payments_house_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an account of ours keeps its number');

CREATE TRIGGER bank_file_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_bank_file
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a bank file is never changed or deleted');

CREATE TRIGGER bank_statement_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_bank_statement
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a bank statement is never changed or deleted');

CREATE TRIGGER bank_entry_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_bank_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a bank entry is never deleted');

-- UPDATE OF: an update that names none of these columns pays nothing for it.
CREATE TRIGGER bank_entry_stays_as_said BEFORE UPDATE OF
    id, statement_id, house_account_id, mode, entry, part, amount, currency, booked_on, valued_on, end_to_end_id,
    batch_id, batch_size, mandate_id, bank_reference, structured, text, name, iban, reason, is_reversal
    ON payments_bank_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('what the bank said never changes');

CREATE TRIGGER bank_entry_leaves_the_queue_once BEFORE UPDATE OF state ON payments_bank_entry
    FOR EACH ROW WHEN (OLD.state <> 'queued')
    EXECUTE FUNCTION ledger_refuse('a bank entry leaves the work queue once');

CREATE TRIGGER match_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_match
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a match is never changed or deleted');

CREATE TRIGGER expectation_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_expectation
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an expectation is never deleted');

CREATE TRIGGER expectation_stays_as_expected BEFORE UPDATE OF
    id, mode, house_account_id, kind, subject_id, amount, currency, end_to_end_id, reference, normalised_reference,
    iban, batch_id, due_on, expected_at
    ON payments_expectation
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('what we expect never changes');
