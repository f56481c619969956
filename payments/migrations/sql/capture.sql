-- Take the OK part of a sale, in one call: the payment and its posting. Returns 'captured'; or, having done
-- nothing, 'paid_already', or 'removed' for a bank account that is gone or of the other mode.
CREATE FUNCTION payments_capture(
    the_sale bigint, the_merchant bigint, the_mode text, the_bank_account bigint, the_amount bigint,
    the_currency text, captured timestamptz
) RETURNS text
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO payments_payment
        (sale_id, merchant_id, mode, bank_account_id, amount, currency, captured_at)
    SELECT the_sale, the_merchant, the_mode, id, the_amount, the_currency, captured
    FROM payments_bank_account
    WHERE id = the_bank_account AND mode = the_mode AND removed_at IS NULL
    ON CONFLICT (sale_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN CASE WHEN EXISTS (SELECT FROM payments_payment WHERE sale_id = the_sale)
            THEN 'paid_already' ELSE 'removed' END;
    END IF;
    PERFORM ledger_transfer(
        'sale_paid', the_sale::text, the_mode, captured,
        'shopper_receivable', 'bank_account', the_bank_account,
        'merchant_payable', 'merchant', the_merchant, the_currency, the_amount);
    RETURN 'captured';
END
$$;
