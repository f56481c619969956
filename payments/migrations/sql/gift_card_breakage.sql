-- As before (gift_cards.sql); what is written off, or brought back, stands against breakage.
CREATE OR REPLACE FUNCTION payments_gift_card_book(
    the_card payments_gift_card, the_kind text, the_amount bigint, happened timestamptz,
    the_store bigint, the_sale bigint, the_number int, the_return bigint,
    the_uuid uuid, the_hash bytea, the_paid_by text, the_operator text, the_reference text, the_most bigint
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    left_on bigint;
    booking bigint;
    other constant text := CASE
        WHEN the_kind IN ('held', 'released') THEN 'gift_card_held'
        WHEN the_kind IN ('lapsed', 'revived') THEN 'gift_card_breakage'
        ELSE 'gift_cards_issued' END;
    is_aside constant boolean := other = 'gift_card_held';
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
        ARRAY['gift_card', other],
        ARRAY['gift_card', CASE WHEN is_aside THEN 'gift_card' ELSE 'merchant' END],
        ARRAY[the_card.id, CASE WHEN is_aside THEN the_card.id ELSE the_card.merchant_id END], ARRAY[the_card.currency::text, the_card.currency::text],
        ARRAY[the_amount, -the_amount]);
    RETURN left_on + the_amount;
END
$$;

-- Write off what is left on a merchant's cards whose last day was before this one; return how many and how much. A card
-- is held first, so that whoever spends or tops it up meanwhile is there before, or after.
CREATE FUNCTION payments_gift_cards_write_off(
    the_merchant bigint, the_mode text, the_day date, happened timestamptz, OUT cards int, OUT amount bigint
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_gift_card;
    left_on bigint;
BEGIN
    cards := 0;
    amount := 0;
    FOR held IN
        SELECT * FROM payments_gift_card
        WHERE merchant_id = the_merchant AND mode = the_mode AND expires_on < the_day
        ORDER BY id FOR NO KEY UPDATE
    LOOP
        left_on := ledger_balance_for('gift_card', held.id, held.currency, held.mode);
        CONTINUE WHEN left_on <= 0;
        PERFORM payments_gift_card_book(held, 'lapsed', -left_on, happened, NULL, NULL, NULL, NULL,
            NULL, NULL, '', '', '', 0);
        cards := cards + 1;
        amount := amount + left_on;
    END LOOP;
END
$$;

-- Bring back on a card all that was written off on it, to be spent until this day at least; return how much. Refuses
-- (OK142) a card that was replaced, and (OK148) one on which nothing was written off.
CREATE FUNCTION payments_gift_card_revive(
    the_card bigint, the_merchant bigint, the_mode text, the_least_day date, happened timestamptz
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_gift_card;
    lost bigint;
BEGIN
    SELECT * INTO held FROM payments_gift_card
    WHERE id = the_card AND merchant_id = the_merchant AND mode = the_mode FOR NO KEY UPDATE;
    IF NOT FOUND OR held.state = 'replaced' THEN
        RAISE EXCEPTION 'gift card % was replaced', the_card USING ERRCODE = 'OK142';
    END IF;
    SELECT coalesce(-sum(amount), 0) INTO lost FROM payments_gift_card_booking
    WHERE card_id = the_card AND kind IN ('lapsed', 'revived');
    IF lost <= 0 THEN
        RAISE EXCEPTION 'nothing was written off on gift card %', the_card USING ERRCODE = 'OK148';
    END IF;
    UPDATE payments_gift_card SET expires_on = greatest(expires_on, the_least_day)
    WHERE id = the_card AND expires_on IS NOT NULL;
    PERFORM payments_gift_card_book(held, 'revived', lost, happened, NULL, NULL, NULL, NULL,
        NULL, NULL, '', '', '', 9223372036854775807);
    RETURN lost;
END
$$;
