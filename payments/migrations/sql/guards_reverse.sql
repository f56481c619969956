DROP TRIGGER payment_never_changes ON payments_payment;
DROP TRIGGER account_never_changes_hands ON payments_account;
DROP TRIGGER account_is_never_deleted ON payments_account;
DROP TRIGGER posting_never_changes ON payments_posting;
DROP FUNCTION ledger_open_month;
DROP FUNCTION ledger_guard;
DROP FUNCTION ledger_door CASCADE;
DROP FUNCTION ledger_refuse CASCADE;
