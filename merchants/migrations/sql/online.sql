-- Online payments and links refer to their own merchant's rows, live to live. A payment's sale is written after it, in
-- the same transaction.
ALTER TABLE merchants_payment_link
    ADD CONSTRAINT link_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id);

ALTER TABLE merchants_online_payment
    ADD CONSTRAINT online_payment_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id),
    ADD CONSTRAINT online_payment_link_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, link_id) REFERENCES merchants_payment_link (merchant_id, mode, id),
    ADD CONSTRAINT online_payment_person_of_same_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode),
    ADD CONSTRAINT online_payment_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id)
    DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION online_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state || '>' || NEW.state = ANY (TG_ARGV) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%: no move from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
END
$$;

-- merchants.checkout.online_states.MOVES
CREATE TRIGGER online_payment_moves BEFORE UPDATE ON merchants_online_payment
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION online_move(
        'created>presented', 'created>cancelled', 'created>expired',
        'presented>authorising', 'presented>declined', 'presented>cancelled', 'presented>expired',
        'authorising>presented', 'authorising>authorised', 'authorising>captured', 'authorising>cancelled',
        'authorised>partially_captured', 'authorised>captured', 'authorised>cancelled', 'authorised>expired',
        'partially_captured>captured');

CREATE FUNCTION online_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER online_payment_begins_created BEFORE INSERT ON merchants_online_payment
    FOR EACH ROW WHEN (NEW.state <> 'created' OR NEW.captured <> 0)
    EXECUTE FUNCTION online_refuse('an online payment begins at its beginning');
CREATE TRIGGER online_payment_stays_as_asked BEFORE UPDATE ON merchants_online_payment
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.merchant_id, OLD.store_id, OLD.mode, OLD.uuid, OLD.token, OLD.link_id, OLD.only_once,
            OLD.capture_mode, OLD.currency, OLD.asked, OLD.basket, OLD.return_url, OLD.sale_uuid)
        IS DISTINCT FROM
        (NEW.id, NEW.merchant_id, NEW.store_id, NEW.mode, NEW.uuid, NEW.token, NEW.link_id, NEW.only_once,
            NEW.capture_mode, NEW.currency, NEW.asked, NEW.basket, NEW.return_url, NEW.sale_uuid)
        OR NEW.captured < OLD.captured
        OR OLD.amount IS NOT NULL AND (OLD.amount, OLD.person_id, OLD.sale_id)
            IS DISTINCT FROM (NEW.amount, NEW.person_id, NEW.sale_id)
        OR OLD.ended_at IS NOT NULL
    )
    EXECUTE FUNCTION online_refuse('an online payment stays what was asked and confirmed');
CREATE TRIGGER online_payment_is_never_deleted BEFORE DELETE OR TRUNCATE ON merchants_online_payment
    FOR EACH STATEMENT EXECUTE FUNCTION online_refuse('an online payment is never deleted');

CREATE TRIGGER link_stays_as_made BEFORE UPDATE ON merchants_payment_link
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.merchant_id, OLD.store_id, OLD.mode, OLD.uuid, OLD.token, OLD.amount, OLD.least, OLD.most,
            OLD.currency, OLD.only_once)
        IS DISTINCT FROM
        (NEW.id, NEW.merchant_id, NEW.store_id, NEW.mode, NEW.uuid, NEW.token, NEW.amount, NEW.least, NEW.most,
            NEW.currency, NEW.only_once)
        OR OLD.closed_at IS NOT NULL
    )
    EXECUTE FUNCTION online_refuse('a payment link stays as it was made; a new one is quickly there');
CREATE TRIGGER link_is_never_deleted BEFORE DELETE OR TRUNCATE ON merchants_payment_link
    FOR EACH STATEMENT EXECUTE FUNCTION online_refuse('a payment link is closed, never deleted');
