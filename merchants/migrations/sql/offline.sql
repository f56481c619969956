-- What a dark till may do, its keys and its sales are of one terminal of their own merchant. An allowance and a sale never
-- change, a key once: when the next retires it. What is paid of one dark spell stays within what the till was promised.
ALTER TABLE merchants_offline_allowance
    ADD CONSTRAINT offline_allowance_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id) REFERENCES parties_terminal (merchant_id, store_id, id);
ALTER TABLE merchants_offline_key
    ADD CONSTRAINT offline_key_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id) REFERENCES parties_terminal (merchant_id, store_id, id);
ALTER TABLE merchants_offline_sale
    ADD CONSTRAINT offline_sale_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id) REFERENCES parties_terminal (merchant_id, store_id, id),
    ADD CONSTRAINT offline_sale_of_same_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id) DEFERRABLE INITIALLY DEFERRED;

-- Whoever books one holds its terminal's row, of which sales share only the key: so of one till's many, by whichever of its
-- keys, the sums are added one after another.
CREATE FUNCTION merchants_offline_sale_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_key merchants_offline_key;
    allowed merchants_offline_allowance;
BEGIN
    PERFORM FROM parties_terminal WHERE id = NEW.terminal_id FOR NO KEY UPDATE;
    SELECT * INTO the_key FROM merchants_offline_key WHERE id = NEW.key_id;
    IF (the_key.merchant_id, the_key.terminal_id, the_key.mode) IS DISTINCT FROM (NEW.merchant_id, NEW.terminal_id, NEW.mode) THEN
        RAISE EXCEPTION 'the key is of another terminal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'offline_sale_has_its_own_key';
    END IF;
    IF NEW.booked_as = 'loss' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO allowed FROM merchants_offline_allowance
    WHERE terminal_id = NEW.terminal_id AND mode = NEW.mode AND since <= NEW.dark_since
    ORDER BY since DESC, id DESC LIMIT 1;
    IF allowed.id IS NULL OR NEW.amount > allowed.most_per_sale
        OR NEW.sold_at > NEW.dark_since + allowed.hours * interval '1 hour'
        OR NEW.amount + (
            SELECT coalesce(sum(amount), 0) FROM merchants_offline_sale
            WHERE terminal_id = NEW.terminal_id AND mode = NEW.mode AND dark_since = NEW.dark_since AND booked_as = 'paid'
        ) > allowed.most_in_all
    THEN
        RAISE EXCEPTION 'more than terminal % may sell without a network', NEW.terminal_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'offline_sales_within_allowance';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER offline_sale_fits BEFORE INSERT ON merchants_offline_sale
    FOR EACH ROW EXECUTE FUNCTION merchants_offline_sale_fits();

CREATE TRIGGER offline_sale_stands BEFORE UPDATE OR DELETE ON merchants_offline_sale
    FOR EACH ROW EXECUTE FUNCTION online_refuse('what a till sold without a network stays as it was booked');
CREATE TRIGGER offline_allowance_stands BEFORE UPDATE OR DELETE ON merchants_offline_allowance
    FOR EACH ROW EXECUTE FUNCTION online_refuse('an allowance never changes; the next one follows it');
CREATE TRIGGER offline_key_is_retired_once BEFORE UPDATE ON merchants_offline_key
    FOR EACH ROW
    WHEN (
        OLD.retired_at IS NOT NULL OR NEW.retired_at IS NULL
        OR (OLD.id, OLD.merchant_id, OLD.store_id, OLD.terminal_id, OLD.mode, OLD.public_key, OLD.registered_at)
        IS DISTINCT FROM
        (NEW.id, NEW.merchant_id, NEW.store_id, NEW.terminal_id, NEW.mode, NEW.public_key, NEW.registered_at)
    )
    EXECUTE FUNCTION online_refuse('a key changes once, when it is retired');
CREATE TRIGGER offline_key_is_never_deleted BEFORE DELETE ON merchants_offline_key
    FOR EACH ROW EXECUTE FUNCTION online_refuse('a key is never deleted: its log needs it');
