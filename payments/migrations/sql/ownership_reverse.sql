ALTER TABLE payments_bank_payment
    DROP CONSTRAINT bank_payment_house_account_of_same_mode,
    DROP CONSTRAINT bank_payment_bank_account_of_same_mode;
ALTER TABLE payments_ownership_proof
    DROP CONSTRAINT ownership_proof_house_account_of_same_mode,
    DROP CONSTRAINT ownership_proof_bank_account_of_same_mode;
DROP TRIGGER letter_is_never_deleted ON payments_letter;
DROP TRIGGER bank_payment_is_never_deleted ON payments_bank_payment;
DROP TRIGGER ownership_proof_is_never_deleted ON payments_ownership_proof;
DROP TRIGGER bank_payment_keeps_its_amount ON payments_bank_payment;
DROP TRIGGER letter_moves ON payments_letter;
DROP TRIGGER bank_payment_moves ON payments_bank_payment;
DROP TRIGGER ownership_proof_moves ON payments_ownership_proof;
DROP TRIGGER collection_moves ON payments_collection;
CREATE TRIGGER collection_moves BEFORE UPDATE ON payments_collection
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'announced>sent', 'announced>cancelled', 'sent>settled', 'sent>returned', 'settled>returned', 'settled>sent');
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
    WHERE id = the_bank_account AND mode = the_mode AND removed_at IS NULL
    ON CONFLICT (sale_id) DO NOTHING;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM payments_payment WHERE sale_id = the_sale) THEN
            RAISE EXCEPTION 'sale % has a payment', the_sale USING ERRCODE = 'OK111';
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
DROP TRIGGER bank_account_stays_proved ON payments_bank_account;
DROP FUNCTION bank_account_is_ready_when_it_may CASCADE;
