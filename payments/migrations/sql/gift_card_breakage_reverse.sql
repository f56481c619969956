DROP FUNCTION payments_gift_card_revive;
DROP FUNCTION payments_gift_cards_write_off;
CREATE OR REPLACE FUNCTION payments_gift_card_book(
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
