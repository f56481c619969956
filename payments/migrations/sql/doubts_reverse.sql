DROP TRIGGER payout_keeps_its_doubt ON payments_payout;
DROP TRIGGER refund_keeps_its_doubt ON payments_refund;
DROP TRIGGER payout_moves ON payments_payout;
CREATE TRIGGER payout_moves BEFORE UPDATE ON payments_payout
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move('ordered>paid', 'ordered>returned', 'paid>returned', 'paid>ordered');
DROP TRIGGER refund_moves ON payments_refund;
CREATE TRIGGER refund_moves BEFORE UPDATE ON payments_refund
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'waiting>set_off', 'waiting>ordered', 'ordered>paid', 'ordered>returned', 'paid>returned');
