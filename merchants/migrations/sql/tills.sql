-- A shift is of one till of its own merchant; it changes once, when it is closed, and no two of a till overlap. Whoever
-- writes one holds the terminal's row, and looks in a statement of its own afterwards: so it sees the last holder's.
-- Sales only share that row's key, so no sale waits for it.
ALTER TABLE merchants_shift
    ADD CONSTRAINT shift_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id) REFERENCES parties_terminal (merchant_id, store_id, id);

CREATE FUNCTION merchants_shift_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM parties_terminal WHERE id = NEW.terminal_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM merchants_shift other
        WHERE other.merchant_id = NEW.merchant_id AND other.mode = NEW.mode AND other.store_id = NEW.store_id
            AND other.terminal_id = NEW.terminal_id AND other.id <> NEW.id
            AND tstzrange(other.opened_at, other.closed_at) && tstzrange(NEW.opened_at, NEW.closed_at)
    ) THEN
        RAISE EXCEPTION 'another shift of terminal % counts these hours', NEW.terminal_id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'shifts_do_not_overlap';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER shift_fits BEFORE INSERT OR UPDATE ON merchants_shift
    FOR EACH ROW EXECUTE FUNCTION merchants_shift_fits();

CREATE TRIGGER shift_is_closed_once BEFORE UPDATE ON merchants_shift
    FOR EACH ROW
    WHEN (
        OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
        OR (OLD.id, OLD.merchant_id, OLD.store_id, OLD.terminal_id, OLD.mode, OLD.uuid, OLD.currency, OLD.operator,
            OLD.opened_at, OLD.cash_at_opening)
        IS DISTINCT FROM
        (NEW.id, NEW.merchant_id, NEW.store_id, NEW.terminal_id, NEW.mode, NEW.uuid, NEW.currency, NEW.operator,
            NEW.opened_at, NEW.cash_at_opening)
    )
    EXECUTE FUNCTION online_refuse('a shift changes once, when it is closed');

-- A sandbox's go with its reset.
CREATE TRIGGER shift_is_never_deleted BEFORE DELETE ON merchants_shift
    FOR EACH ROW WHEN (OLD.mode = 'live') EXECUTE FUNCTION online_refuse('a shift is never deleted');
