-- States move by one table, payments.states.MOVES; what was announced, ordered or written stays what it is.

CREATE FUNCTION settlement_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state || '>' || NEW.state = ANY (TG_ARGV) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%: no move from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER mandate_moves BEFORE UPDATE ON payments_mandate
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move('active>closed');
CREATE TRIGGER collection_moves BEFORE UPDATE ON payments_collection
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'announced>sent', 'announced>cancelled', 'sent>settled', 'sent>returned', 'settled>returned');
CREATE TRIGGER payout_moves BEFORE UPDATE ON payments_payout
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move('ordered>paid', 'ordered>returned', 'paid>returned');
CREATE TRIGGER outgoing_file_moves BEFORE UPDATE ON payments_outgoing_file
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'made>sending', 'sending>sent', 'sending>unknown', 'unknown>sent', 'unknown>made');

CREATE TRIGGER collection_keeps_its_amount BEFORE UPDATE ON payments_collection
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.mode, OLD.bank_account_id, OLD.mandate_id, OLD.amount, OLD.currency, OLD.end_to_end_id)
        IS DISTINCT FROM
        (NEW.id, NEW.mode, NEW.bank_account_id, NEW.mandate_id, NEW.amount, NEW.currency, NEW.end_to_end_id)
        OR OLD.outgoing_file_id IS NOT NULL AND OLD.outgoing_file_id IS DISTINCT FROM NEW.outgoing_file_id
    )
    EXECUTE FUNCTION ledger_refuse('a collection keeps its amount, its account and its file');
CREATE TRIGGER payout_keeps_its_amount BEFORE UPDATE ON payments_payout
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.mode, OLD.merchant_id, OLD.iban, OLD.amount, OLD.currency, OLD.end_to_end_id)
        IS DISTINCT FROM
        (NEW.id, NEW.mode, NEW.merchant_id, NEW.iban, NEW.amount, NEW.currency, NEW.end_to_end_id)
        OR OLD.outgoing_file_id <> NEW.outgoing_file_id
    )
    EXECUTE FUNCTION ledger_refuse('a payout keeps its amount, its account and its file');
CREATE TRIGGER outgoing_file_is_written_once BEFORE UPDATE ON payments_outgoing_file
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.mode, OLD.house_account_id, OLD.kind, OLD.name, OLD.message_id, OLD.content, OLD.sha256)
        IS DISTINCT FROM
        (NEW.id, NEW.mode, NEW.house_account_id, NEW.kind, NEW.name, NEW.message_id, NEW.content, NEW.sha256)
    )
    EXECUTE FUNCTION ledger_refuse('a file for the bank is written once');
CREATE TRIGGER collection_item_keeps_its_amount BEFORE UPDATE ON payments_collection_item
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.posting_id, OLD.bank_account_id, OLD.mode, OLD.amount)
        IS DISTINCT FROM (NEW.id, NEW.posting_id, NEW.bank_account_id, NEW.mode, NEW.amount)
    )
    EXECUTE FUNCTION ledger_refuse('only the collection of an item changes');
-- What was paid out stays paid out: a payout that comes back is a booking of its own.
CREATE TRIGGER payout_item_keeps_its_payout BEFORE UPDATE ON payments_payout_item
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.posting_id, OLD.merchant_id, OLD.mode, OLD.amount)
        IS DISTINCT FROM (NEW.id, NEW.posting_id, NEW.merchant_id, NEW.mode, NEW.amount)
        OR OLD.payout_id IS NOT NULL
    )
    EXECUTE FUNCTION ledger_refuse('an item stays in its payout');

CREATE TRIGGER mandate_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_mandate
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a mandate is never deleted');
CREATE TRIGGER collection_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_collection
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a collection is never deleted');
CREATE TRIGGER collection_item_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_collection_item
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an item is never deleted');
CREATE TRIGGER payout_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_payout
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a payout is never deleted');
CREATE TRIGGER payout_item_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_payout_item
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an item is never deleted');
CREATE TRIGGER outgoing_file_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_outgoing_file
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a file for the bank is never deleted');

-- Bring entries that settlement has not seen yet to it: what shoppers owe waits to be collected, what merchants are
-- owed waits to be paid out. Settlement's own postings are left out; only a payout that came back waits again. Looks
-- at about so many entries, oldest transaction first, and says whether there may be more.
--
-- All that is visible is taken, but the mark moves only through transactions before which none is still running, as
-- the fold's does (ledger_fold): an entry seen twice is an item once. After a restore into another server, whose
-- transaction numbers start anew, the mark may lie in the future; then everything is looked at again.
CREATE FUNCTION settlement_gather(most bigint) RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    horizon xid8;
    since xid8;
    until xid8;
    mark xid8;
    looked_at bigint;
BEGIN
    -- One at a time; whoever comes second sees what the first one brought.
    PERFORM pg_advisory_xact_lock(hashtext('settlement_gather'));
    horizon := pg_snapshot_xmin(pg_current_snapshot());
    SELECT (through::text::bigint + 1)::text::xid8 INTO since FROM payments_settlement_mark
    WHERE through <= pg_snapshot_xmax(pg_current_snapshot());
    since := coalesce(since, '0'::xid8);
    SELECT max(xid), count(*), max(xid) FILTER (WHERE xid < horizon) INTO until, looked_at, mark
    FROM (SELECT xid FROM payments_entry WHERE xid >= since ORDER BY xid LIMIT most) AS next;
    IF until IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO payments_collection_item (posting_id, bank_account_id, mode, amount, booked_at)
    SELECT entry.posting_id, account.owner_id, account.mode, -sum(entry.amount), min(posting.booked_at)
    FROM payments_entry entry
    JOIN payments_account account ON account.id = entry.account_id AND account.kind = 'shopper_receivable'
    JOIN payments_posting posting ON posting.id = entry.posting_id
        AND posting.kind NOT IN ('collection_sent', 'collection_returned')
    WHERE entry.xid >= since AND entry.xid <= until
    GROUP BY entry.posting_id, account.owner_id, account.mode
    ON CONFLICT (posting_id, bank_account_id) DO NOTHING;
    INSERT INTO payments_payout_item (posting_id, merchant_id, mode, amount, booked_at)
    SELECT entry.posting_id, account.owner_id, account.mode, sum(entry.amount), min(posting.booked_at)
    FROM payments_entry entry
    JOIN payments_account account ON account.id = entry.account_id AND account.kind = 'merchant_payable'
    JOIN payments_posting posting ON posting.id = entry.posting_id AND posting.kind <> 'payout_ordered'
    WHERE entry.xid >= since AND entry.xid <= until
    GROUP BY entry.posting_id, account.owner_id, account.mode
    ON CONFLICT (posting_id, merchant_id) DO NOTHING;
    IF mark IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO payments_settlement_mark (id, through) VALUES (1, mark)
    ON CONFLICT (id) DO UPDATE SET through = EXCLUDED.through;
    RETURN looked_at = most;
END
$$;
