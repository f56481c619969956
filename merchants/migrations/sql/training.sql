-- A run is of one till of its own merchant, and of somebody who works there: it goes with their membership, whoever ends that.
ALTER TABLE merchants_training_run
    ADD CONSTRAINT training_run_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id) REFERENCES parties_terminal (merchant_id, store_id, id);
ALTER TABLE merchants_training_run
    ADD CONSTRAINT training_run_of_membership
    FOREIGN KEY (membership_id) REFERENCES parties_membership (id) ON DELETE CASCADE;

-- What was judged stands.
CREATE TRIGGER training_run_is_judged_once BEFORE UPDATE ON merchants_training_run
    FOR EACH ROW
    WHEN (
        OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
        OR (OLD.id, OLD.merchant_id, OLD.store_id, OLD.terminal_id, OLD.membership_id, OLD.uuid, OLD.scenario,
            OLD.after_sale, OLD.receipt, OLD.began_at)
        IS DISTINCT FROM
        (NEW.id, NEW.merchant_id, NEW.store_id, NEW.terminal_id, NEW.membership_id, NEW.uuid, NEW.scenario,
            NEW.after_sale, NEW.receipt, NEW.began_at)
    )
    EXECUTE FUNCTION online_refuse('a run of a scenario changes once, when it is judged');
