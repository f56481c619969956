-- A decision of a person is never changed: the next one takes its place, and both stay.
CREATE TRIGGER entry_decision_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_entry_decision
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a decision is never changed or deleted');

-- What a line came for may be decided anew; to the work queue, or to what books nothing, it never returns.
DROP TRIGGER bank_entry_leaves_the_queue_once ON payments_bank_entry;
CREATE TRIGGER bank_entry_leaves_the_queue_once BEFORE UPDATE OF state ON payments_bank_entry
    FOR EACH ROW WHEN (OLD.state = 'notice' OR OLD.state <> 'queued' AND NEW.state IN ('queued', 'notice'))
    EXECUTE FUNCTION ledger_refuse('a bank entry leaves the work queue once');

-- Matches go by one door, which payments.actions.redecide_entry opens; decisions and audit say what they were.
DROP TRIGGER match_never_changes ON payments_match;
CREATE TRIGGER match_never_changes BEFORE UPDATE OR TRUNCATE ON payments_match
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a match is never changed');
CREATE FUNCTION match_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('ok.match', true) = 'taking back' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a match is taken back by a decision only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER match_has_one_way_out BEFORE DELETE ON payments_match
    FOR EACH STATEMENT EXECUTE FUNCTION match_door();
CREATE FUNCTION match_take_back(the_entry bigint) RETURNS bigint LANGUAGE plpgsql SET ok.match = 'taking back' AS $$
DECLARE
    taken bigint;
BEGIN
    DELETE FROM payments_match WHERE entry_id = the_entry AND NOT is_return;
    GET DIAGNOSTICS taken = ROW_COUNT;
    RETURN taken;
END
$$;

-- payments.states.MOVES: what a line was wrongly said to have settled, is on its way again.
DROP TRIGGER collection_moves ON payments_collection;
CREATE TRIGGER collection_moves BEFORE UPDATE ON payments_collection
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'announced>sent', 'announced>cancelled', 'sent>settled', 'sent>returned', 'settled>returned', 'settled>sent');
DROP TRIGGER payout_moves ON payments_payout;
CREATE TRIGGER payout_moves BEFORE UPDATE ON payments_payout
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move('ordered>paid', 'ordered>returned', 'paid>returned', 'paid>ordered');
