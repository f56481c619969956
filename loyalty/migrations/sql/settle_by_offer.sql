-- Settle a sale's quote: points for the member (NULL is nobody), and what its offers gave. Offers without a limit
-- have no budget and leave no trace here. Returns the member's points. A second call for the same sale does nothing.
-- Raises OK001 (detail: the offer) when a limited offer has too little left, OK002 as above.
CREATE OR REPLACE FUNCTION loyalty_settle(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz,
    p_member bigint, p_milli bigint, p_points bigint, p_near_miss jsonb,
    p_offers bigint[], p_amounts bigint[]
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    balance bigint;
    given record;
BEGIN
    -- The member's own row first, the offers' that all tills want last; offers in one order.
    IF p_milli > 0 AND NOT EXISTS (SELECT FROM loyalty_earning WHERE sale_id = p_sale) THEN
        balance := loyalty_earn(
            p_sale, p_merchant, p_mode, p_at, p_member, p_milli, p_points, p_near_miss);
    ELSE
        SELECT loyalty_points(id, programme_id, mode) INTO balance FROM loyalty_member WHERE id = p_member;
    END IF;
    IF cardinality(p_offers) = 0 THEN
        RETURN balance;
    END IF;
    FOR given IN
        SELECT asked.offer, asked.amount
        FROM unnest(p_offers, p_amounts) AS asked(offer, amount)
        -- Not joined: a plan made while offers were few would walk through those of all merchants.
        WHERE (SELECT true FROM loyalty_offer_budget budget
               WHERE budget.offer_id = asked.offer AND budget.mode = p_mode AND budget.shard = 0)
        ORDER BY asked.offer
    LOOP
        INSERT INTO loyalty_offer_use (offer_id, sale_id, merchant_id, mode, amount)
        VALUES (given.offer, p_sale, p_merchant, p_mode, given.amount)
        ON CONFLICT (offer_id, sale_id) DO NOTHING;
        IF FOUND AND NOT loyalty_take(p_merchant, given.offer, p_mode, given.amount) THEN
            RAISE EXCEPTION 'an offer has too little left'
                USING ERRCODE = 'OK001', DETAIL = given.offer;
        END IF;
    END LOOP;
    RETURN balance;
END
$$;
