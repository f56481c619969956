-- Offers that give each person only so much: counted per member, by conditional updates.
ALTER TABLE loyalty_member_offer
    ADD CONSTRAINT member_offer_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT member_offer_offer_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id);
ALTER TABLE loyalty_member_offer_use
    ADD CONSTRAINT member_offer_use_of_its_counter
    FOREIGN KEY (member_id, offer_id) REFERENCES loyalty_member_offer (member_id, offer_id),
    ADD CONSTRAINT member_offer_use_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);

-- What a person had of these offers before: {"got": {"<offer>": [uses, amount]}}. Beside loyalty_own in one statement.
CREATE FUNCTION loyalty_got(p_merchant bigint, p_person bigint, p_mode text, p_offers bigint[])
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    IF p_person IS NULL OR cardinality(p_offers) = 0 THEN
        RETURN '{}';
    END IF;
    RETURN jsonb_build_object('got', (
        SELECT jsonb_object_agg(had.offer_id, jsonb_build_array(had.uses, had.amount))
        FROM loyalty_member_offer had
        WHERE had.offer_id = ANY (p_offers) AND had.member_id = (
            SELECT member.id FROM loyalty_member member
            WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode)));
END
$$;

-- Count what a sale gives its member, within the limits as they are now. A second call for the same sale does
-- nothing. Raises OK005 (detail: the offer) when it would be more than one person gets.
CREATE FUNCTION loyalty_count_member(
    p_sale bigint, p_merchant bigint, p_mode text, p_member bigint, p_offers bigint[], p_amounts bigint[]
) RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    asked record;
BEGIN
    FOR asked IN
        SELECT one.offer, one.amount, offer.per_person, offer.per_person_amount
        FROM unnest(p_offers, p_amounts) AS one (offer, amount)
        JOIN loyalty_offer offer ON offer.id = one.offer
        ORDER BY one.offer
    LOOP
        INSERT INTO loyalty_member_offer (member_id, offer_id, merchant_id, mode, uses, amount)
        VALUES (p_member, asked.offer, p_merchant, p_mode, 0, 0)
        ON CONFLICT (member_id, offer_id) DO NOTHING;
        INSERT INTO loyalty_member_offer_use
            (sale_id, offer_id, member_id, merchant_id, mode, amount, back_amount, back_uses)
        VALUES (p_sale, asked.offer, p_member, p_merchant, p_mode, asked.amount, 0, 0)
        ON CONFLICT (sale_id, offer_id) DO NOTHING;
        IF NOT FOUND THEN
            CONTINUE;
        END IF;
        UPDATE loyalty_member_offer SET uses = uses + 1, amount = amount + asked.amount
        WHERE member_id = p_member AND offer_id = asked.offer
            AND coalesce(uses + 1 <= asked.per_person, true)
            AND coalesce(amount + asked.amount <= asked.per_person_amount, true);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a person has had this offer' USING ERRCODE = 'OK005', DETAIL = asked.offer;
        END IF;
    END LOOP;
    RETURN cardinality(p_offers);
END
$$;

-- A sale that held them was given up: the member may have them again.
CREATE FUNCTION loyalty_release_member(p_sale bigint) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT used.offer_id, used.member_id, used.amount FROM loyalty_member_offer_use used
        WHERE used.sale_id = p_sale ORDER BY used.offer_id
    LOOP
        DELETE FROM loyalty_member_offer_use WHERE sale_id = p_sale AND offer_id = held.offer_id;
        IF FOUND THEN
            UPDATE loyalty_member_offer SET uses = uses - 1, amount = amount - held.amount
            WHERE member_id = held.member_id AND offer_id = held.offer_id;
        END IF;
    END LOOP;
END
$$;

-- What a return gives back of coupons and of limits per person, in the order in which a sale takes them.
CREATE FUNCTION loyalty_give_own_back(
    p_return bigint, p_sale bigint, p_offers bigint[], p_amounts bigint[], p_uses int[]
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    back record;
BEGIN
    PERFORM loyalty_give_coupons_back(p_return, p_sale, ARRAY(
        SELECT one.offer FROM unnest(p_offers, p_uses) AS one (offer, uses) WHERE one.uses > 0));
    FOR back IN
        SELECT one.offer, one.amount, one.uses, used.member_id
        FROM unnest(p_offers, p_amounts, p_uses) AS one (offer, amount, uses)
        JOIN loyalty_member_offer_use used ON used.sale_id = p_sale AND used.offer_id = one.offer
        ORDER BY one.offer
    LOOP
        UPDATE loyalty_member_offer_use
        SET back_amount = back_amount + back.amount, back_uses = back_uses + back.uses
        WHERE sale_id = p_sale AND offer_id = back.offer;
        UPDATE loyalty_member_offer SET uses = uses - back.uses, amount = amount - back.amount
        WHERE member_id = back.member_id AND offer_id = back.offer;
    END LOOP;
END
$$;
