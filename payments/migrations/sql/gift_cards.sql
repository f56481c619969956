-- Gift cards: a booking beside each posting, and one door for both.
ALTER TABLE payments_gift_card_booking
    ADD CONSTRAINT gift_card_booking_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, card_id) REFERENCES payments_gift_card (merchant_id, mode, id),
    ADD CONSTRAINT gift_card_booking_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT gift_card_booking_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);

CREATE TRIGGER gift_card_booking_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_gift_card_booking
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a booking of a gift card is never changed or deleted');
CREATE TRIGGER gift_card_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_gift_card
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a gift card is never deleted');
CREATE TRIGGER gift_card_keeps_its_number BEFORE UPDATE ON payments_gift_card
    FOR EACH ROW
    WHEN ((OLD.id, OLD.merchant_id, OLD.mode, OLD.seed, OLD.number_digest, OLD.number_end, OLD.currency)
        IS DISTINCT FROM
        (NEW.id, NEW.merchant_id, NEW.mode, NEW.seed, NEW.number_digest, NEW.number_end, NEW.currency)
        OR OLD.state = 'replaced' AND NEW.state <> 'replaced')
    EXECUTE FUNCTION ledger_refuse('a gift card keeps its number, and one that was replaced stays so');

-- Book on a card: its booking and its posting, in one call; return what is on it then. The card's row is held first,
-- so that of many the others wait here and see what the last one left. Refuses more than is on it (OK144, with what
-- there is), and more than a card may hold (OK145).
CREATE FUNCTION payments_gift_card_book(
    the_card payments_gift_card, the_kind text, the_amount bigint, happened timestamptz,
    the_store bigint, the_sale bigint, the_number int, the_return bigint,
    the_uuid uuid, the_hash bytea, the_paid_by text, the_operator text, the_reference text, the_most bigint
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    left_on bigint;
    booking bigint;
    is_aside constant boolean := the_kind IN ('held', 'released');
BEGIN
    left_on := ledger_balance_for('gift_card', the_card.id, the_card.currency, the_card.mode);
    IF left_on + the_amount < 0 THEN
        RAISE EXCEPTION 'gift card % has only %', the_card.id, left_on
            USING ERRCODE = 'OK144', DETAIL = left_on;
    END IF;
    IF the_amount > 0 AND left_on + the_amount > the_most THEN
        RAISE EXCEPTION 'gift card % would hold more than %', the_card.id, the_most USING ERRCODE = 'OK145';
    END IF;
    INSERT INTO payments_gift_card_booking
        (card_id, merchant_id, mode, kind, amount, balance, booked_at, store_id, sale_id, number, sale_return_id,
            uuid, request_hash, paid_by, operator, reference)
    VALUES (the_card.id, the_card.merchant_id, the_card.mode, the_kind, the_amount, left_on + the_amount, happened,
        the_store, the_sale, the_number, the_return, the_uuid, the_hash, the_paid_by, the_operator, the_reference)
    RETURNING id INTO booking;
    PERFORM ledger_post_for(
        'gift_card_' || the_kind, booking::text, the_card.mode, happened,
        ARRAY['gift_card', CASE WHEN is_aside THEN 'gift_card_held' ELSE 'gift_cards_issued' END],
        ARRAY['gift_card', CASE WHEN is_aside THEN 'gift_card' ELSE 'merchant' END],
        ARRAY[the_card.id, CASE WHEN is_aside THEN the_card.id ELSE the_card.merchant_id END], ARRAY[the_card.currency::text, the_card.currency::text],
        ARRAY[the_amount, -the_amount]);
    RETURN left_on + the_amount;
END
$$;

-- Put money on a card, or take it off without a sale. A card that is topped up is good for longer. Refuses as
-- payments_gift_card_spend does.
CREATE FUNCTION payments_gift_card_put(
    the_card bigint, the_merchant bigint, the_mode text, the_kind text, the_amount bigint, happened timestamptz,
    the_store bigint, the_uuid uuid, the_hash bytea, the_paid_by text, the_operator text, the_reference text,
    the_last_day date
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_gift_card;
BEGIN
    SELECT * INTO held FROM payments_gift_card
    WHERE id = the_card AND merchant_id = the_merchant AND mode = the_mode FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'gift card % is of another merchant', the_card USING ERRCODE = 'OK141';
    ELSIF the_kind = 'topped_up' THEN
        IF held.state <> 'active' THEN
            RAISE EXCEPTION 'gift card % is %', the_card, held.state USING ERRCODE = 'OK142';
        END IF;
        UPDATE payments_gift_card SET expires_on = greatest(expires_on, the_last_day)
        WHERE id = the_card AND expires_on IS NOT NULL;
    END IF;
    RETURN payments_gift_card_book(held, the_kind, the_amount, happened, the_store, NULL, NULL, NULL,
        the_uuid, the_hash, the_paid_by, the_operator, the_reference,
        CASE WHEN the_kind IN ('sold', 'topped_up') THEN 50000 ELSE 9223372036854775807 END);
END
$$;

-- Hold a card that is to pay now. Refuses one of another merchant or mode (OK141), one that is blocked or was replaced
-- (OK142), one that has expired (OK143) or has another currency (OK146).
CREATE FUNCTION payments_gift_card_to_pay(
    the_card bigint, the_merchant bigint, the_mode text, the_currency text, the_day date
) RETURNS payments_gift_card LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_gift_card;
BEGIN
    SELECT * INTO held FROM payments_gift_card
    WHERE id = the_card AND merchant_id = the_merchant AND mode = the_mode FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'gift card % is of another merchant', the_card USING ERRCODE = 'OK141';
    ELSIF held.state <> 'active' THEN
        RAISE EXCEPTION 'gift card % is %', the_card, held.state USING ERRCODE = 'OK142';
    ELSIF held.expires_on < the_day THEN
        RAISE EXCEPTION 'gift card % has expired', the_card USING ERRCODE = 'OK143';
    ELSIF held.currency <> the_currency THEN
        RAISE EXCEPTION 'gift card % is in %', the_card, held.currency USING ERRCODE = 'OK146';
    END IF;
    RETURN held;
END
$$;

-- What is set aside of a card for a tender of a sale that is not paid yet.
CREATE FUNCTION payments_gift_card_aside(the_card bigint, the_sale bigint, the_number int) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce(-sum(amount), 0)::bigint FROM payments_gift_card_booking
    WHERE sale_id = the_sale AND card_id = the_card AND number = the_number AND kind IN ('held', 'released')
$$;

-- Set what a card is to pay aside, until its sale is paid or over. Refuses as payments_gift_card_to_pay does, and more
-- than is on it (OK144). Said again, it is set aside once.
CREATE FUNCTION payments_gift_card_hold(
    the_card bigint, the_merchant bigint, the_mode text, the_currency text, the_sale bigint, the_number int,
    the_amount bigint, the_store bigint, the_day date, happened timestamptz
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_gift_card := payments_gift_card_to_pay(the_card, the_merchant, the_mode, the_currency, the_day);
BEGIN
    IF payments_gift_card_aside(the_card, the_sale, the_number) = the_amount THEN
        RETURN NULL;
    END IF;
    RETURN payments_gift_card_book(held, 'held', -the_amount, happened, the_store, the_sale, the_number, NULL,
        NULL, NULL, '', '', '', 0);
END
$$;

-- Let go of all that is set aside for a sale; return how many cards that was.
CREATE FUNCTION payments_gift_card_release(the_sale bigint, happened timestamptz) RETURNS int
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    part record;
    held payments_gift_card;
    aside bigint;
    released int := 0;
BEGIN
    FOR part IN
        SELECT DISTINCT card_id, number FROM payments_gift_card_booking
        WHERE sale_id = the_sale AND kind = 'held' ORDER BY card_id, number
    LOOP
        SELECT * INTO held FROM payments_gift_card WHERE id = part.card_id FOR NO KEY UPDATE;
        aside := payments_gift_card_aside(part.card_id, the_sale, part.number);
        IF aside > 0 THEN
            PERFORM payments_gift_card_book(held, 'released', aside, happened, NULL, the_sale, part.number, NULL,
                NULL, NULL, '', '', '', 9223372036854775807);
            released := released + 1;
        END IF;
    END LOOP;
    RETURN released;
END
$$;

-- Let a card pay a tender of a sale: what was set aside for it, else what is on it. What was set aside pays also where
-- the card was blocked or has expired since. Refuses as payments_gift_card_to_pay does, and more than is on it (OK144).
CREATE FUNCTION payments_gift_card_spend(
    the_card bigint, the_merchant bigint, the_mode text, the_currency text, the_sale bigint, the_number int,
    the_amount bigint, the_store bigint, the_day date, happened timestamptz
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_gift_card;
    aside bigint;
BEGIN
    SELECT * INTO held FROM payments_gift_card
    WHERE id = the_card AND merchant_id = the_merchant AND mode = the_mode FOR NO KEY UPDATE;
    aside := payments_gift_card_aside(the_card, the_sale, the_number);
    IF aside > 0 THEN
        PERFORM payments_gift_card_book(held, 'released', aside, happened, the_store, the_sale, the_number, NULL,
            NULL, NULL, '', '', '', 9223372036854775807);
    END IF;
    IF aside < the_amount THEN
        held := payments_gift_card_to_pay(the_card, the_merchant, the_mode, the_currency, the_day);
    END IF;
    RETURN payments_gift_card_book(held, 'spent', -the_amount, happened, the_store, the_sale, the_number, NULL,
        NULL, NULL, '', '', '', 0);
END
$$;

-- Give back what cards paid for a sale, each as much as it paid and has not got back. A card
-- that was replaced gets it on the one that took its place. Refuses (OK147) more than they paid.
CREATE FUNCTION payments_gift_card_refund(
    the_sale bigint, the_return bigint, the_amount bigint, the_store bigint, the_least_day date, happened timestamptz
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    paid record;
    held payments_gift_card;
    part bigint;
    rest bigint := the_amount;
BEGIN
    FOR paid IN
        SELECT number, min(card_id) FILTER (WHERE kind = 'spent') AS card_id, -sum(amount) AS not_back
        FROM payments_gift_card_booking
        WHERE sale_id = the_sale AND kind IN ('spent', 'refunded') GROUP BY number ORDER BY card_id, number
    LOOP
        part := least(rest, paid.not_back);
        CONTINUE WHEN part <= 0;
        SELECT * INTO held FROM payments_gift_card WHERE id = paid.card_id FOR NO KEY UPDATE;
        WHILE held.replaced_by_id IS NOT NULL LOOP
            SELECT * INTO held FROM payments_gift_card WHERE id = held.replaced_by_id FOR NO KEY UPDATE;
        END LOOP;
        -- What comes back on a card can still be spent.
        IF held.expires_on < the_least_day THEN
            UPDATE payments_gift_card SET expires_on = the_least_day WHERE id = held.id;
        END IF;
        PERFORM payments_gift_card_book(held, 'refunded', part, happened, the_store, the_sale, paid.number,
            the_return, NULL, NULL, '', '', '', 9223372036854775807);
        rest := rest - part;
    END LOOP;
    IF rest > 0 THEN
        RAISE EXCEPTION 'gift cards paid less for sale %', the_sale USING ERRCODE = 'OK147';
    END IF;
END
$$;
