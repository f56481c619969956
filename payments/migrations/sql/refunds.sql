-- What goes back of a payment is never more than it was, and is what the return says OK gives back. Whoever adds to it
-- holds the payment's row and adds up in a statement of its own afterwards (as okplatform/trade/migrations/sql/returns.sql).
-- One that came back counts no longer: the next attempt takes its place. Refuses (OK113) more than was captured.
ALTER TABLE payments_refund
    ADD CONSTRAINT refund_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id),
    ADD CONSTRAINT refund_bank_account_of_same_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode),
    ADD CONSTRAINT refund_pay_to_of_same_mode
    FOREIGN KEY (pay_to_id, mode) REFERENCES payments_bank_account (id, mode),
    ADD CONSTRAINT refund_house_account_of_same_mode
    FOREIGN KEY (house_account_id, mode) REFERENCES payments_house_account (id, mode);

CREATE FUNCTION payments_refund_fits() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
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

CREATE TRIGGER refund_fits BEFORE INSERT ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_refund_fits();

CREATE TRIGGER refund_moves BEFORE UPDATE ON payments_refund
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'waiting>set_off', 'waiting>ordered', 'ordered>paid', 'ordered>returned', 'paid>returned');
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
CREATE TRIGGER refund_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_refund
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a refund is never deleted');
