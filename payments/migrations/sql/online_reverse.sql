DROP FUNCTION payments_purchases_of;
DROP FUNCTION payments_sale_of;
DROP FUNCTION payments_end_authorisation;
DROP FUNCTION payments_capture_part;
DROP FUNCTION payments_authorise;
DROP FUNCTION payments_spend_confirmed;
DROP TRIGGER capture_never_changes ON payments_capture;
DROP TRIGGER authorisation_is_never_deleted ON payments_authorisation;
DROP TRIGGER authorisation_stays_as_promised ON payments_authorisation;
ALTER TABLE payments_capture DROP CONSTRAINT capture_of_same_authorisation;
ALTER TABLE payments_authorisation
    DROP CONSTRAINT authorisation_bank_account_of_same_mode,
    DROP CONSTRAINT authorisation_sale_of_same_merchant_and_mode;
