DROP TRIGGER refund_is_never_deleted ON payments_refund;
DROP TRIGGER refund_keeps_its_amount ON payments_refund;
DROP TRIGGER refund_moves ON payments_refund;
DROP TRIGGER refund_fits ON payments_refund;
DROP FUNCTION payments_refund_fits;
ALTER TABLE payments_refund
    DROP CONSTRAINT refund_house_account_of_same_mode,
    DROP CONSTRAINT refund_pay_to_of_same_mode,
    DROP CONSTRAINT refund_bank_account_of_same_mode,
    DROP CONSTRAINT refund_return_of_same_merchant_and_mode;
