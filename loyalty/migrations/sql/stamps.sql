-- Stamp cards: stamps counted per member and card, by conditional updates.
ALTER TABLE loyalty_member_stamps
    ADD CONSTRAINT member_stamps_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT member_stamps_offer_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id);
ALTER TABLE loyalty_stamp_use
    ADD CONSTRAINT stamp_use_of_its_card
    FOREIGN KEY (member_id, offer_id) REFERENCES loyalty_member_stamps (member_id, offer_id),
    ADD CONSTRAINT stamp_use_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);
ALTER TABLE loyalty_member_stamps SET (fillfactor = 80);

-- What a person had of these offers before, and the stamps on these cards: {"got": {"<offer>": [uses, amount]},
-- "stamps": {"<offer>": [count, seconds since 1970 of the last]}}. Beside loyalty_own in one statement.
CREATE OR REPLACE FUNCTION loyalty_got(p_merchant bigint, p_person bigint, p_mode text, p_offers bigint[])
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    found_member bigint;
BEGIN
    IF p_person IS NULL OR cardinality(p_offers) = 0 THEN
        RETURN '{}';
    END IF;
    found_member := (SELECT member.id FROM loyalty_member member
        WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode);
    RETURN jsonb_build_object(
        'got', (
            SELECT jsonb_object_agg(had.offer_id, jsonb_build_array(had.uses, had.amount))
            FROM loyalty_member_offer had
            WHERE had.offer_id = ANY (p_offers) AND had.member_id = found_member),
        'stamps', (
            SELECT jsonb_object_agg(card.offer_id, jsonb_build_array(card.count, extract(epoch FROM card.last_at)))
            FROM loyalty_member_stamps card
            WHERE card.offer_id = ANY (p_offers) AND card.member_id = found_member));
END
$$;

-- Stamp the cards of a sale's member: never check-then-write, so that of many tills one gives a full card away. Each
-- of p_stamped is [offer, size, stamps, rewards, lapsed, lines]. A second call for the same sale does nothing. Raises
-- OK031 (detail: the card) when the stamps that a reward, or an end, rests on are no longer there.
CREATE FUNCTION loyalty_stamp(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_member bigint, p_stamped jsonb
) RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    card record;
BEGIN
    FOR card IN
        SELECT (one.said ->> 0)::bigint AS offer, (one.said ->> 1)::int AS size, (one.said ->> 2)::int AS stamps,
            (one.said ->> 3)::int AS rewards, (one.said ->> 4)::int AS lapsed, one.said -> 5 AS lines
        FROM jsonb_array_elements(p_stamped) AS one (said)
        ORDER BY 1
    LOOP
        INSERT INTO loyalty_member_stamps (member_id, offer_id, merchant_id, mode, count, last_at)
        VALUES (p_member, card.offer, p_merchant, p_mode, 0, p_at)
        ON CONFLICT (member_id, offer_id) DO NOTHING;
        INSERT INTO loyalty_stamp_use (sale_id, offer_id, member_id, merchant_id, mode, size, stamps, rewards, lapsed,
            lines, used_at, back_stamps, back_rewards)
        VALUES (p_sale, card.offer, p_member, p_merchant, p_mode, card.size, card.stamps, card.rewards, card.lapsed,
            card.lines, p_at, 0, 0)
        ON CONFLICT (sale_id, offer_id) DO NOTHING;
        IF NOT FOUND THEN
            CONTINUE;
        END IF;
        UPDATE loyalty_member_stamps
        SET count = count + card.stamps - card.size * card.rewards - card.lapsed, last_at = greatest(last_at, p_at)
        WHERE member_id = p_member AND offer_id = card.offer
            AND (card.rewards = 0 OR count - card.lapsed + card.stamps >= card.size * card.rewards)
            AND (card.lapsed = 0 OR count = card.lapsed);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the stamps of this quote have moved' USING ERRCODE = 'OK031', DETAIL = card.offer;
        END IF;
    END LOOP;
    RETURN jsonb_array_length(p_stamped);
END
$$;

-- A sale that had stamped cards was given up: they are as if it had not been.
CREATE FUNCTION loyalty_release_stamps(p_sale bigint) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held record;
BEGIN
    FOR held IN SELECT * FROM loyalty_stamp_use used WHERE used.sale_id = p_sale ORDER BY used.offer_id LOOP
        DELETE FROM loyalty_stamp_use WHERE sale_id = p_sale AND offer_id = held.offer_id;
        IF FOUND THEN
            UPDATE loyalty_member_stamps
            SET count = count - held.stamps + held.size * held.rewards + held.lapsed
            WHERE member_id = held.member_id AND offer_id = held.offer_id;
        END IF;
    END LOOP;
END
$$;

-- Goods came back: their stamps go from the card, and a free one that came back puts its full card back. Stamps that
-- have ended since are not asked for again, nor does what they bought come back.
CREATE FUNCTION loyalty_take_stamps_back(p_sale bigint, p_offers bigint[], p_stamps int[], p_rewards int[])
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    back record;
BEGIN
    FOR back IN
        SELECT one.offer, one.stamps, one.rewards, used.member_id, used.size
        FROM unnest(p_offers, p_stamps, p_rewards) AS one (offer, stamps, rewards)
        JOIN loyalty_stamp_use used ON used.sale_id = p_sale AND used.offer_id = one.offer
        WHERE NOT EXISTS (
            SELECT FROM loyalty_stamp_use later
            WHERE later.member_id = used.member_id AND later.offer_id = used.offer_id AND later.lapsed > 0
                AND later.used_at > used.used_at)
        ORDER BY one.offer
    LOOP
        UPDATE loyalty_stamp_use
        SET back_stamps = back_stamps + back.stamps, back_rewards = back_rewards + back.rewards
        WHERE sale_id = p_sale AND offer_id = back.offer;
        UPDATE loyalty_member_stamps SET count = count - back.stamps + back.size * back.rewards
        WHERE member_id = back.member_id AND offer_id = back.offer;
    END LOOP;
END
$$;
