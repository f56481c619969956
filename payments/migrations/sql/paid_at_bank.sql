-- A purchase that its shopper pays at the bank before the sale is taken (docs/adr/0023-paid-at-the-bank.md). The money
-- waits in shopper_prepaid, whose floor is zero: what a sale takes and what goes back are never more than was paid.

-- What became of the money is said once.
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
        OR OLD.allotted_at IS NOT NULL AND OLD.allotted_at IS DISTINCT FROM NEW.allotted_at
    )
    EXECUTE FUNCTION ledger_refuse('a bank payment keeps its amount, its account and its names');

DROP TRIGGER authorisation_stays_as_promised ON payments_authorisation;
CREATE TRIGGER authorisation_stays_as_promised BEFORE UPDATE ON payments_authorisation
    FOR EACH ROW
    WHEN (
        (OLD.sale_id, OLD.merchant_id, OLD.mode, OLD.bank_account_id, OLD.amount, OLD.currency, OLD.authorised_at,
            OLD.bank_payment_id)
        IS DISTINCT FROM
        (NEW.sale_id, NEW.merchant_id, NEW.mode, NEW.bank_account_id, NEW.amount, NEW.currency, NEW.authorised_at,
            NEW.bank_payment_id)
        OR OLD.ended_at IS NOT NULL OR NEW.captured < OLD.captured OR NEW.parts < OLD.parts
    )
    EXECUTE FUNCTION ledger_refuse('an authorisation is captured from until it ends, and nothing else');

-- Set aside for a sale what was paid for it at the bank, just now allotted to it. Refuses a sale that has a payment or
-- an authorisation (OK111). No limit counts it: nothing is lent.
CREATE FUNCTION payments_authorise_paid(
    the_sale bigint, the_merchant bigint, the_bank_payment bigint, authorised timestamptz
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    paid payments_bank_payment;
BEGIN
    IF EXISTS (SELECT FROM payments_payment WHERE sale_id = the_sale) THEN
        RAISE EXCEPTION 'sale % has a payment', the_sale USING ERRCODE = 'OK111';
    END IF;
    SELECT * INTO paid FROM payments_bank_payment
    WHERE id = the_bank_payment AND allotted_at IS NOT NULL FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM payments_refund WHERE bank_payment_id = the_bank_payment) THEN
        RAISE EXCEPTION 'bank payment % is not to be taken', the_bank_payment USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO payments_authorisation
        (sale_id, merchant_id, mode, bank_account_id, amount, currency, captured, parts, authorised_at, bank_payment_id)
    VALUES (
        the_sale, the_merchant, paid.mode, paid.bank_account_id, paid.amount, paid.currency, 0, 0, authorised, paid.id)
    ON CONFLICT (sale_id) DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'sale % has an authorisation', the_sale USING ERRCODE = 'OK111';
    END IF;
END
$$;

-- As before; what was paid at the bank comes out of that, and is not owed.
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
        CASE WHEN held.bank_payment_id IS NULL THEN 'shopper_receivable' ELSE 'shopper_prepaid' END,
        'bank_account', held.bank_account_id,
        'merchant_payable', 'merchant', held.merchant_id, held.currency, the_amount);
    RETURN held.parts;
END
$$;

-- As before for what came back of a sale. Of money that no sale took goes back what is left of it, once its sale, if
-- it had one, has taken its last part.
CREATE OR REPLACE FUNCTION payments_refund_fits() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    payment payments_payment;
    paid payments_bank_payment;
    kept bigint;
BEGIN
    IF NEW.bank_payment_id IS NOT NULL THEN
        SELECT * INTO paid FROM payments_bank_payment WHERE id = NEW.bank_payment_id FOR NO KEY UPDATE;
        SELECT CASE WHEN ended_at IS NULL THEN amount ELSE captured END INTO kept
        FROM payments_authorisation WHERE bank_payment_id = NEW.bank_payment_id;
        IF paid.allotted_at IS NULL
            OR (paid.mode, paid.bank_account_id, paid.currency, paid.amount - coalesce(kept, 0))
            IS DISTINCT FROM (NEW.mode, NEW.bank_account_id, NEW.currency, NEW.amount) THEN
            RAISE EXCEPTION 'refund % is not what is left of its bank payment', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_is_of_its_bank_payment';
        END IF;
        RETURN NEW;
    END IF;
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

DROP TRIGGER refund_keeps_its_amount ON payments_refund;
CREATE TRIGGER refund_keeps_its_amount BEFORE UPDATE ON payments_refund
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.sale_return_id, OLD.payment_id, OLD.bank_payment_id, OLD.merchant_id, OLD.mode,
            OLD.bank_account_id, OLD.amount, OLD.currency, OLD.attempt, OLD.retry_of_id, OLD.end_to_end_id)
        IS DISTINCT FROM
        (NEW.id, NEW.sale_return_id, NEW.payment_id, NEW.bank_payment_id, NEW.merchant_id, NEW.mode,
            NEW.bank_account_id, NEW.amount, NEW.currency, NEW.attempt, NEW.retry_of_id, NEW.end_to_end_id)
        OR OLD.state <> 'waiting' AND (OLD.pay_to_id, OLD.iban, OLD.outgoing_file_id, OLD.house_account_id)
        IS DISTINCT FROM (NEW.pay_to_id, NEW.iban, NEW.outgoing_file_id, NEW.house_account_id)
    )
    EXECUTE FUNCTION ledger_refuse('a refund keeps its amount, its payment, and its account once it is ordered');

-- The bookings by which a shopper owes a sale's purchase: those of the purchase; of one that was paid at the bank none,
-- unless the bank took that payment back.
CREATE FUNCTION payments_debts_of(the_sale bigint, the_mode text) RETURNS TABLE (posting_id bigint)
LANGUAGE sql STABLE AS $$
    SELECT bought.posting_id FROM payments_purchases_of(the_sale, the_mode) AS bought
    WHERE NOT EXISTS (
        SELECT FROM payments_authorisation WHERE sale_id = the_sale AND bank_payment_id IS NOT NULL)
    UNION ALL
    SELECT posting.id FROM payments_authorisation held
    JOIN payments_posting posting ON posting.mode = the_mode AND posting.kind = 'bank_payment_returned'
        AND posting.reference = held.bank_payment_id::text
    WHERE held.sale_id = the_sale
$$;
