-- What the bank keeps of payments that are initiated from outside and approved by its customers.

CREATE TABLE IF NOT EXISTS initiation (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    end_to_end_id TEXT NOT NULL,
    debtor_iban TEXT NOT NULL,
    creditor_iban TEXT NOT NULL,
    creditor_name TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    text TEXT NOT NULL,
    ok_uri TEXT NOT NULL,               -- where its customer goes back to
    nok_uri TEXT NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'approved', 'rejected', 'cancelled')),
    payment INTEGER REFERENCES payment, -- once it is approved
    says_debit_only INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS initiation_request_id ON initiation (request_id);

CREATE TABLE IF NOT EXISTS tpp (        -- who may initiate: the first that came
    serial TEXT PRIMARY KEY,
    certificate BLOB NOT NULL
);
