DROP FUNCTION ledger_rebuild;
DROP FUNCTION ledger_fold;
DROP FUNCTION ledger_post_for;
DROP FUNCTION ledger_same_posting;
DROP FUNCTION ledger_hold_floors;
DROP FUNCTION ledger_balance_for;
DROP FUNCTION ledger_balance;
DROP FUNCTION ledger_open;
