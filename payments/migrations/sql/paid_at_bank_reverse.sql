DROP FUNCTION payments_debts_of;
DROP TRIGGER refund_keeps_its_amount ON payments_refund;
CREATE TRIGGER refund_keeps_its_amount BEFORE UPDATE ON payments_refund
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.sale_return_id, OLD.payment_id, OLD.merchant_id, OLD.mode, OLD.bank_account_id, OLD.amount,
            OLD.currency, OLD.attempt, OLD.retry_of_id, OLD.end_to_end_id)
        IS DISTINCT FROM
        (NEW.id, NEW.sale_return_id, NEW.payment_id, NEW.merchant_id, NEW.mode, NEW.bank_account_id, NEW.amount,
            NEW.currency, NEW.attempt, NEW.retry_of_id, NEW.end_to_end_id)
        OR OLD.state <> 'waiting' AND (OLD.pay_to_id, OLD.iban, OLD.outgoing_file_id, OLD.house_account_id)
        IS DISTINCT FROM (NEW.pay_to_id, NEW.iban, NEW.outgoing_file_id, NEW.house_account_id)
    )
    EXECUTE FUNCTION ledger_refuse('a refund keeps its amount, its payment, and its account once it is ordered');
CREATE OR REPLACE FUNCTION payments_refund_fits() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    payment payments_payment;
BEGIN
    SELECT * INTO payment FROM payments_payment WHERE sale_id = NEW.payment_id FOR NO KEY UPDATE;
    IF (payment.merchant_id, payment.mode, payment.bank_account_id, payment.currency, NEW.payment_id, NEW.amount)
        IS DISTINCT FROM (
            NEW.merchant_id, NEW.mode, NEW.bank_account_id, NEW.currency,
            (SELECT back.sale_id FROM trade_return back WHERE back.id = NEW.sale_return_id),
            (SELECT tender.amount FROM trade_return_tender tender
             WHERE tender.sale_return_id = NEW.sale_return_id AND tender.kind = 'ok')
        ) THEN
        RAISE EXCEPTION 'refund % is not what came back of its payment', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_is_of_its_payment';
    END IF;
    IF payment.amount < NEW.amount + coalesce((
        SELECT sum(refund.amount) FROM payments_refund refund
        WHERE refund.payment_id = NEW.payment_id AND refund.state <> 'returned'), 0) THEN
        RAISE EXCEPTION 'payment % would be refunded by more than was captured', NEW.payment_id
            USING ERRCODE = 'OK113';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION payments_capture_part(
    the_sale bigint, the_amount bigint, captured_on timestamptz
) RETURNS integer
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_authorisation;
BEGIN
    UPDATE payments_authorisation SET captured = captured + the_amount, parts = parts + 1
    WHERE sale_id = the_sale AND ended_at IS NULL AND captured + the_amount <= amount
    RETURNING * INTO held;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'sale % has not so much left to capture', the_sale USING ERRCODE = 'OK121';
    END IF;
    INSERT INTO payments_capture (sale_id, number, merchant_id, mode, amount, captured_at)
    VALUES (the_sale, held.parts, held.merchant_id, held.mode, the_amount, captured_on);
    PERFORM ledger_transfer(
        'part_captured', the_sale || '-' || held.parts, held.mode, captured_on,
        'shopper_receivable', 'bank_account', held.bank_account_id,
        'merchant_payable', 'merchant', held.merchant_id, held.currency, the_amount);
    RETURN held.parts;
END
$$;
DROP FUNCTION payments_authorise_paid;
DROP TRIGGER authorisation_stays_as_promised ON payments_authorisation;
CREATE TRIGGER authorisation_stays_as_promised BEFORE UPDATE ON payments_authorisation
    FOR EACH ROW
    WHEN (
        (OLD.sale_id, OLD.merchant_id, OLD.mode, OLD.bank_account_id, OLD.amount, OLD.currency, OLD.authorised_at)
        IS DISTINCT FROM
        (NEW.sale_id, NEW.merchant_id, NEW.mode, NEW.bank_account_id, NEW.amount, NEW.currency, NEW.authorised_at)
        OR OLD.ended_at IS NOT NULL OR NEW.captured < OLD.captured OR NEW.parts < OLD.parts
    )
    EXECUTE FUNCTION ledger_refuse('an authorisation is captured from until it ends, and nothing else');
DROP TRIGGER bank_payment_keeps_its_amount ON payments_bank_payment;
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
