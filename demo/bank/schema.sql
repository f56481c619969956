-- The bank's books and everything it still has to do. Amounts are cents; moments are UTC, as text.

CREATE TABLE bank (
    opened_at TEXT NOT NULL,
    stepped_at TEXT NOT NULL -- the bank's time never runs back
);

CREATE TABLE account (
    iban TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    is_house INTEGER NOT NULL,          -- gets statements
    statements INTEGER NOT NULL,        -- how many it got
    stated INTEGER NOT NULL             -- the closing balance of the last one
);
CREATE INDEX account_house ON account (iban) WHERE is_house;

CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('collection', 'payout', 'incoming')),
    message_id TEXT NOT NULL,
    message_name TEXT NOT NULL,
    batch_id TEXT NOT NULL,             -- PmtInfId
    booked_as TEXT NOT NULL CHECK (booked_as IN ('single', 'batch', 'bare_batch')),
    is_instant INTEGER NOT NULL,
    end_to_end_id TEXT NOT NULL,
    mandate_id TEXT NOT NULL,
    house_iban TEXT NOT NULL,
    iban TEXT NOT NULL,                 -- the other side
    name TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    text TEXT NOT NULL,
    structured TEXT NOT NULL,
    due_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('rejected', 'waiting', 'booked', 'returned')),
    fate TEXT NOT NULL                  -- what orders have in store for it, by what they do (JSON)
);
CREATE INDEX payment_waiting ON payment (due_at) WHERE state = 'waiting';
CREATE INDEX payment_end_to_end_id ON payment (end_to_end_id);
CREATE INDEX payment_batch_id ON payment (batch_id);

CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    booking INTEGER NOT NULL,           -- the entries of one booking sum to zero
    iban TEXT NOT NULL REFERENCES account,
    amount INTEGER NOT NULL CHECK (amount <> 0),
    booked_at TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    kind TEXT NOT NULL,
    booked_as TEXT NOT NULL,
    reason TEXT NOT NULL,               -- why it came back; empty for all else
    statement INTEGER,                  -- the number of the statement it stands on
    is_notified INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX entry_booking ON entry (booking);
CREATE INDEX entry_iban ON entry (iban, amount);
CREATE INDEX entry_unstated ON entry (iban) WHERE statement IS NULL;
CREATE INDEX entry_unnotified ON entry (iban) WHERE is_notified = 0;

CREATE TABLE part (
    entry INTEGER NOT NULL REFERENCES entry,
    payment INTEGER NOT NULL REFERENCES payment,
    PRIMARY KEY (entry, payment)
) WITHOUT ROWID;

CREATE TABLE agenda (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (at, what, data)
);

CREATE TABLE mischief (                 -- orders still in force
    id INTEGER PRIMARY KEY,
    does TEXT NOT NULL,
    remaining INTEGER NOT NULL CHECK (remaining >= 0),
    data TEXT NOT NULL
);

CREATE TABLE taken (                    -- a file is taken once, by name and content
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (name, sha256)
);

CREATE TABLE message (id TEXT PRIMARY KEY);

CREATE TABLE letter (                   -- a file on its way out
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    content BLOB NOT NULL,
    due_at TEXT,                        -- none: held back until another has gone
    state TEXT NOT NULL CHECK (state IN ('made', 'staged', 'sent'))
);
CREATE INDEX letter_waiting ON letter (due_at) WHERE state <> 'sent';
