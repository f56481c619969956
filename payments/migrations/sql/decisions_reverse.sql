DROP TRIGGER payout_moves ON payments_payout;
CREATE TRIGGER payout_moves BEFORE UPDATE ON payments_payout
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move('ordered>paid', 'ordered>returned', 'paid>returned');
DROP TRIGGER collection_moves ON payments_collection;
CREATE TRIGGER collection_moves BEFORE UPDATE ON payments_collection
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'announced>sent', 'announced>cancelled', 'sent>settled', 'sent>returned', 'settled>returned');
DROP TRIGGER match_has_one_way_out ON payments_match;
DROP FUNCTION match_take_back;
DROP FUNCTION match_door;
DROP TRIGGER match_never_changes ON payments_match;
CREATE TRIGGER match_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_match
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a match is never changed or deleted');
DROP TRIGGER bank_entry_leaves_the_queue_once ON payments_bank_entry;
CREATE TRIGGER bank_entry_leaves_the_queue_once BEFORE UPDATE OF state ON payments_bank_entry
    FOR EACH ROW WHEN (OLD.state <> 'queued')
    EXECUTE FUNCTION ledger_refuse('a bank entry leaves the work queue once');
