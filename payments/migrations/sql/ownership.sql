-- A code pays from an account that may be collected from: on the list, proved, and signed for. The actions keep
-- ready_at (payments.readiness), so that a sale looks where it looks anyway; whoever commits anything else is refused.
CREATE FUNCTION bank_account_is_ready_when_it_may() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_account constant bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    PERFORM FROM payments_bank_account account
    WHERE account.id = the_account
        AND (account.ready_at IS NOT NULL) <> (
            account.proved_at IS NOT NULL AND account.removed_at IS NULL
            AND EXISTS (
                SELECT FROM payments_mandate WHERE bank_account_id = account.id AND state = 'active'));
    IF FOUND THEN
        RAISE EXCEPTION 'bank account % is ready, or is not, against the facts', the_account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_account_is_ready_when_it_may';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER bank_account_is_ready_when_it_may AFTER INSERT OR UPDATE ON payments_bank_account
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bank_account_is_ready_when_it_may('id');
CREATE CONSTRAINT TRIGGER bank_account_is_ready_when_it_may AFTER INSERT OR UPDATE ON payments_mandate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bank_account_is_ready_when_it_may('bank_account_id');
-- Whose it was proved to be stays proved.
CREATE TRIGGER bank_account_stays_proved BEFORE UPDATE ON payments_bank_account
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.person_id, OLD.mode, OLD.iban) IS DISTINCT FROM (NEW.id, NEW.person_id, NEW.mode, NEW.iban)
        OR OLD.proved_at IS NOT NULL
        AND (OLD.proved_at, OLD.proved_by) IS DISTINCT FROM (NEW.proved_at, NEW.proved_by)
    )
    EXECUTE FUNCTION ledger_refuse('a bank account keeps its number, its person and its proof');

-- As in limits.sql, and refuses an account that is on the list and not ready (OK117).
CREATE OR REPLACE FUNCTION payments_capture(
    the_sale bigint, the_merchant bigint, the_mode text, the_bank_account bigint, the_amount bigint,
    the_currency text, captured timestamptz, confirmed boolean
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    today constant date := (captured AT TIME ZONE 'Europe/Amsterdam')::date;
    this_month constant date := date_trunc('month', today);
    hour_ago constant timestamptz := captured - interval '1 hour';
    the_person bigint;
BEGIN
    INSERT INTO payments_payment
        (sale_id, merchant_id, mode, bank_account_id, amount, currency, captured_at)
    SELECT the_sale, the_merchant, the_mode, id, the_amount, the_currency, captured
    FROM payments_bank_account
    WHERE id = the_bank_account AND mode = the_mode AND ready_at IS NOT NULL
    ON CONFLICT (sale_id) DO NOTHING;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM payments_payment WHERE sale_id = the_sale) THEN
            RAISE EXCEPTION 'sale % has a payment', the_sale USING ERRCODE = 'OK111';
        END IF;
        IF EXISTS (
            SELECT FROM payments_bank_account
            WHERE id = the_bank_account AND mode = the_mode AND removed_at IS NULL
        ) THEN
            RAISE EXCEPTION 'bank account % is not ready', the_bank_account USING ERRCODE = 'OK117';
        END IF;
        RAISE EXCEPTION 'bank account % is gone', the_bank_account USING ERRCODE = 'OK112';
    END IF;
    LOOP
        UPDATE payments_account_limit SET
            day = greatest(day, today), day_spent = CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount,
            month = greatest(month, this_month),
            month_spent = CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount,
            hour_from = CASE WHEN hour_from > hour_ago THEN hour_from ELSE captured END,
            hour_payments = CASE WHEN hour_from > hour_ago THEN hour_payments ELSE 0 END + 1,
            unconfirmed = CASE WHEN confirmed THEN 0 ELSE unconfirmed + the_amount END
        WHERE bank_account_id = the_bank_account
            AND CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount <= daily
            AND CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount <= monthly
            AND CASE WHEN hour_from > hour_ago THEN hour_payments ELSE 0 END < hourly_payments
            AND (confirmed OR the_amount <= 5000 AND unconfirmed + the_amount <= 15000)
        RETURNING person_id INTO the_person;
        EXIT WHEN FOUND;
        PERFORM payments_open_or_refuse(the_bank_account, the_amount, captured, confirmed, today);
    END LOOP;
    IF the_person IS NOT NULL THEN
        PERFORM payments_spend_of_person(the_person, the_amount, captured, today);
    END IF;
    PERFORM ledger_transfer(
        'sale_paid', the_sale::text, the_mode, captured,
        'shopper_receivable', 'bank_account', the_bank_account,
        'merchant_payable', 'merchant', the_merchant, the_currency, the_amount);
END
$$;

-- States move by one table, payments.states.MOVES.
DROP TRIGGER collection_moves ON payments_collection;
CREATE TRIGGER collection_moves BEFORE UPDATE ON payments_collection
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'announced>sent', 'announced>cancelled', 'announced>paid', 'sent>settled', 'sent>returned',
        'settled>returned', 'returned>paid', 'settled>sent');
CREATE TRIGGER ownership_proof_moves BEFORE UPDATE ON payments_ownership_proof
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move('requested>sent', 'requested>closed', 'sent>proved', 'sent>closed');
CREATE TRIGGER bank_payment_moves BEFORE UPDATE ON payments_bank_payment
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'created>sending', 'unknown>sending', 'sending>presented', 'unknown>presented',
        'sending>accepted', 'presented>accepted', 'unknown>accepted',
        'sending>unknown', 'presented>unknown', 'accepted>unknown',
        'sending>completed', 'presented>completed', 'accepted>completed', 'unknown>completed',
        'sending>rejected', 'presented>rejected', 'accepted>rejected', 'unknown>rejected',
        'sending>cancelled', 'presented>cancelled', 'accepted>cancelled', 'unknown>cancelled');
CREATE TRIGGER letter_moves BEFORE UPDATE ON payments_letter
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'waiting>sending', 'waiting>dropped', 'sending>sent', 'sending>waiting', 'sending>unknown');

CREATE TRIGGER bank_payment_keeps_its_amount BEFORE UPDATE ON payments_bank_payment
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.mode, OLD.house_account_id, OLD.bank_account_id, OLD.purpose, OLD.subject_id,
         OLD.amount, OLD.currency, OLD.end_to_end_id, OLD.request_id)
        IS DISTINCT FROM
        (NEW.id, NEW.mode, NEW.house_account_id, NEW.bank_account_id, NEW.purpose, NEW.subject_id,
         NEW.amount, NEW.currency, NEW.end_to_end_id, NEW.request_id)
        OR OLD.payment_id <> '' AND OLD.payment_id <> NEW.payment_id
    )
    EXECUTE FUNCTION ledger_refuse('a bank payment keeps its amount, its account and its names');
CREATE TRIGGER ownership_proof_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_ownership_proof
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a proof is never deleted');
CREATE TRIGGER bank_payment_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_bank_payment
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a bank payment is never deleted');
CREATE TRIGGER letter_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_letter
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a letter is never deleted');

-- Live never refers to test.
ALTER TABLE payments_ownership_proof
    ADD CONSTRAINT ownership_proof_bank_account_of_same_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode),
    ADD CONSTRAINT ownership_proof_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode);
ALTER TABLE payments_bank_payment
    ADD CONSTRAINT bank_payment_bank_account_of_same_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode),
    ADD CONSTRAINT bank_payment_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode);
