-- What began once stays as it was put, and when it began; only what waits may go.
CREATE TRIGGER spending_version_stays_as_put BEFORE UPDATE OR DELETE ON loyalty_spending_version
    FOR EACH ROW WHEN (OLD.started_at IS NOT NULL)
    EXECUTE FUNCTION ledger_refuse('spending terms that began never change');

-- The terms in force are the first version of each merchant: what was before them nobody wrote down.
INSERT INTO loyalty_spending_version (merchant_id, terms, put_at, starts_at, started_at)
SELECT merchant_id, to_jsonb(terms) - 'merchant_id' - 'changed_at', changed_at, changed_at, changed_at
FROM loyalty_spending terms;
