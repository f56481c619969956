-- Back to a capture without limits.
DROP FUNCTION payments_capture;
DROP FUNCTION payments_open_or_refuse;
DROP FUNCTION payments_spend_of_person;
DROP FUNCTION payments_refuse_over_limit;
DROP FUNCTION payments_limit_person;
CREATE FUNCTION payments_capture(
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
