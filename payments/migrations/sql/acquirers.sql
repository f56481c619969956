-- One merchant's cards never meet another's, nor live test, whatever the code above it does.
ALTER TABLE payments_acquirer_file
    ADD CONSTRAINT acquirer_file_of_same_merchant
    FOREIGN KEY (merchant_id, mode, account_id) REFERENCES payments_acquirer_account (merchant_id, mode, id);
ALTER TABLE payments_acquirer_batch
    ADD CONSTRAINT acquirer_batch_of_same_merchant
    FOREIGN KEY (merchant_id, mode, account_id) REFERENCES payments_acquirer_account (merchant_id, mode, id);
ALTER TABLE payments_acquirer_line
    ADD CONSTRAINT acquirer_line_of_same_merchant
    FOREIGN KEY (merchant_id, mode, account_id) REFERENCES payments_acquirer_account (merchant_id, mode, id);
ALTER TABLE payments_acquirer_arrival
    ADD CONSTRAINT acquirer_arrival_of_same_merchant
    FOREIGN KEY (merchant_id, mode, account_id) REFERENCES payments_acquirer_account (merchant_id, mode, id);
ALTER TABLE payments_external_tender
    ADD CONSTRAINT external_tender_line_of_same_merchant
    FOREIGN KEY (merchant_id, mode, line_id) REFERENCES payments_acquirer_line (merchant_id, mode, id);

-- What was said stays as it was said; only what became of it changes.
CREATE TRIGGER acquirer_file_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_acquirer_file
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a file of an acquirer is never changed or deleted');
CREATE TRIGGER acquirer_batch_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_acquirer_batch
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a batch is never deleted');
CREATE TRIGGER acquirer_batch_stays_as_said
    BEFORE UPDATE OF id, account_id, merchant_id, mode, reference, last_day, lines, gross, fee ON payments_acquirer_batch
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('what an acquirer said never changes');
CREATE TRIGGER acquirer_line_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_acquirer_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a line of an acquirer is never deleted');
CREATE TRIGGER acquirer_line_stays_as_said BEFORE UPDATE OF
    id, account_id, merchant_id, mode, file_id, batch_id, number, amount, fee, booked_on, reference, bank_reference, text
    ON payments_acquirer_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('what an acquirer said never changes');
CREATE TRIGGER acquirer_arrival_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_acquirer_arrival
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a line of a bank is never deleted');
CREATE TRIGGER acquirer_arrival_stays_as_said BEFORE UPDATE OF
    id, account_id, merchant_id, mode, file_id, statement, entry, part, amount, booked_on, text
    ON payments_acquirer_arrival
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('what a bank said never changes');
CREATE TRIGGER external_tender_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_external_tender
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('what paid a sale is never deleted');
CREATE TRIGGER external_tender_stays_as_sold
    BEFORE UPDATE OF sale_id, number, merchant_id, mode, kind, amount, reference, sold_at ON payments_external_tender
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('what paid a sale never changes');

-- A merchant's tenders by the number that its payment terminal gave them, as acquirers write it back.
CREATE FUNCTION acquirer_reference(the_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ltrim(upper(regexp_replace(the_text, '[^A-Za-z0-9]', '', 'g')), '0');

CREATE INDEX external_tender_by_reference
    ON payments_external_tender (merchant_id, mode, acquirer_reference(reference))
    WHERE reference <> '';
