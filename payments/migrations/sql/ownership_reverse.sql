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
        'announced>sent', 'announced>cancelled', 'sent>settled', 'sent>returned', 'settled>returned');
CREATE OR REPLACE FUNCTION payments_capture(
    the_sale bigint, the_merchant bigint, the_mode text, the_bank_account bigint, the_amount bigint,
    the_currency text, captured timestamptz
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
    PERFORM ledger_transfer(
        'sale_paid', the_sale::text, the_mode, captured,
        'shopper_receivable', 'bank_account', the_bank_account,
        'merchant_payable', 'merchant', the_merchant, the_currency, the_amount);
END
$$;
DROP TRIGGER bank_account_stays_proved ON payments_bank_account;
DROP FUNCTION bank_account_is_ready_when_it_may CASCADE;
