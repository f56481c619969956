-- The entries, partitioned by the month in which they were written. The key begins with the transaction: one
-- index serves the fold, which reads a range of transactions, and the lines of one posting.
CREATE TABLE payments_entry (
    posting_id bigint NOT NULL,
    number smallint NOT NULL,
    account_id bigint NOT NULL,
    amount bigint NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    recorded_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (xid, posting_id, number, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX entry_tail ON payments_entry (account_id, xid) INCLUDE (amount);
