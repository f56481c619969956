-- payments.states.MOVES: a transfer that the bank timed out on is unknown, and what a line was wrongly said to have
-- paid is on its way again, or in doubt again.
DROP TRIGGER payout_moves ON payments_payout;
CREATE TRIGGER payout_moves BEFORE UPDATE ON payments_payout
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'ordered>paid', 'ordered>returned', 'paid>returned', 'paid>ordered', 'ordered>unknown', 'unknown>paid',
        'unknown>returned', 'paid>unknown');
DROP TRIGGER refund_moves ON payments_refund;
CREATE TRIGGER refund_moves BEFORE UPDATE ON payments_refund
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'waiting>set_off', 'waiting>ordered', 'ordered>paid', 'ordered>returned', 'paid>returned', 'paid>ordered',
        'ordered>unknown', 'unknown>paid', 'unknown>returned', 'paid>unknown');

-- Once in doubt, for ever marked so.
CREATE TRIGGER payout_keeps_its_doubt BEFORE UPDATE OF doubt, doubted_on ON payments_payout
    FOR EACH ROW WHEN (OLD.doubt <> '' AND (OLD.doubt, OLD.doubted_on) IS DISTINCT FROM (NEW.doubt, NEW.doubted_on))
    EXECUTE FUNCTION ledger_refuse('a payout keeps its doubt');
CREATE TRIGGER refund_keeps_its_doubt BEFORE UPDATE OF doubt, doubted_on ON payments_refund
    FOR EACH ROW WHEN (OLD.doubt <> '' AND (OLD.doubt, OLD.doubted_on) IS DISTINCT FROM (NEW.doubt, NEW.doubted_on))
    EXECUTE FUNCTION ledger_refuse('a refund keeps its doubt');
