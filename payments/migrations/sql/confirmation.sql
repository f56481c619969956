-- A question to a payer is about one sale of its merchant, one person and that person's account, all in one mode; it moves by
-- payments.states.MOVES, and what was asked stays what it is.
ALTER TABLE payments_confirmation
    ADD CONSTRAINT confirmation_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT confirmation_person_in_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode),
    ADD CONSTRAINT confirmation_bank_account_in_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode);

CREATE TRIGGER confirmation_moves BEFORE UPDATE ON payments_confirmation
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'asked>authorised', 'asked>declined', 'asked>expired', 'asked>withdrawn', 'authorised>withdrawn',
        'authorised>captured', 'authorised>refused');
CREATE TRIGGER confirmation_keeps_its_question BEFORE UPDATE ON payments_confirmation
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.uuid, OLD.sale_id, OLD.merchant_id, OLD.mode, OLD.person_id, OLD.bank_account_id, OLD.amount,
         OLD.currency, OLD.asked_at, OLD.deadline)
        IS DISTINCT FROM
        (NEW.id, NEW.uuid, NEW.sale_id, NEW.merchant_id, NEW.mode, NEW.person_id, NEW.bank_account_id, NEW.amount,
         NEW.currency, NEW.asked_at, NEW.deadline)
    )
    EXECUTE FUNCTION ledger_refuse('what was asked of a payer stays what it is');
