DROP FUNCTION ledger_transfer_many;
