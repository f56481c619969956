-- What is booked stays booked, and entries come in by one door.

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

-- ledger_post_for and ledger_transfer set ok.ledger for as long as they run: what they write sums to zero. All else
-- is refused at once. Adding each row up again at commit, in a deferred trigger, would double a posting's work (CPU in
-- a loop of one session: 50 µs with neither, 60 with this door, 100 to 130 with that barrier): docs/adr/0007.
CREATE FUNCTION ledger_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('ok.ledger', true) = 'posting' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'entries are written by the ledger''s own functions only' USING ERRCODE = 'restrict_violation';
END
$$;

-- A statement on a partition does not fire its parent's statement triggers, so each partition has its own.
CREATE FUNCTION ledger_guard(the_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER entry_has_one_door BEFORE INSERT ON %s
             FOR EACH STATEMENT EXECUTE FUNCTION ledger_door()', the_table);
    EXECUTE format(
        'CREATE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
             FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse(''an entry is never changed or deleted'')',
        the_table);
END
$$;

SELECT ledger_guard('payments_entry');

-- Make the partition of a month, if it is not there yet; true if it was made. Several may ask at once.
CREATE FUNCTION ledger_open_month(the_day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    month constant date := date_trunc('month', the_day);
    partition constant text := 'payments_entry_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger_open_month'));
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- Attaching a finished table leaves the parent open to postings; PARTITION OF would lock them out.
    EXECUTE format('CREATE TABLE %I (LIKE payments_entry INCLUDING DEFAULTS)', partition);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (xid, posting_id, number, recorded_at)', partition);
    EXECUTE format('CREATE INDEX ON %I (account_id, xid) INCLUDE (amount)', partition);
    PERFORM ledger_guard(partition::regclass);
    -- Midnight in UTC, whatever the session's time zone.
    EXECUTE format(
        'ALTER TABLE payments_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00');
    RETURN true;
END
$$;

CREATE TRIGGER posting_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a posting is never changed or deleted');

CREATE TRIGGER account_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an account is never deleted');

CREATE TRIGGER account_never_changes_hands BEFORE UPDATE ON payments_account
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.kind, OLD.owner_type, OLD.owner_id, OLD.asset, OLD.mode)
        IS DISTINCT FROM (NEW.id, NEW.kind, NEW.owner_type, NEW.owner_id, NEW.asset, NEW.mode)
    )
    EXECUTE FUNCTION ledger_refuse('only the floor of an account changes');

CREATE TRIGGER payment_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_payment
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a payment is never changed or deleted');
