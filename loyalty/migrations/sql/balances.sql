-- Waiting balances are their merchant's, and what was claimed has its move.
ALTER TABLE loyalty_waiting_balance
    ADD CONSTRAINT waiting_balance_source_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, source_id) REFERENCES loyalty_balance_import (merchant_id, mode, id);

-- Claimed once, and of as many points as were promised.
CREATE FUNCTION waiting_balance_is_claimed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a waiting balance is claimed once' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER waiting_balance_is_claimed_once BEFORE UPDATE OF move_id, points, ends_at ON loyalty_waiting_balance
    FOR EACH ROW WHEN (OLD.move_id IS NOT NULL) EXECUTE FUNCTION waiting_balance_is_claimed_once();
