-- Gift cards on the payment page: who chose them is of the payment's mode, and what they pay stays as it was confirmed.
ALTER TABLE merchants_online_payment
    ADD CONSTRAINT online_payment_chooser_of_same_mode
    FOREIGN KEY (chooser_id, mode) REFERENCES parties_person (id, mode);

CREATE TRIGGER online_payment_keeps_its_cards BEFORE UPDATE ON merchants_online_payment
    FOR EACH ROW
    WHEN (OLD.amount IS NOT NULL
        AND (OLD.by_cards, OLD.cards, OLD.chooser_id) IS DISTINCT FROM (NEW.by_cards, NEW.cards, NEW.chooser_id))
    EXECUTE FUNCTION online_refuse('an online payment stays what was asked and confirmed');
