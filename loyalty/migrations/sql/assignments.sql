-- Personal offers: who has which, as long as they consent to personal offers at that merchant.
ALTER TABLE loyalty_assignment
    ADD CONSTRAINT assignment_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT assignment_offer_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id);

-- Which of these offers a person has here: {"assigned": [offer, …]}. Withdrawing the consent counts from the next sale.
CREATE FUNCTION loyalty_assigned(p_merchant bigint, p_person bigint, p_mode text, p_offers bigint[])
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    IF p_person IS NULL OR cardinality(p_offers) = 0 THEN
        RETURN '{}';
    END IF;
    RETURN jsonb_build_object('assigned', (
        SELECT jsonb_agg(given.offer_id)
        FROM loyalty_assignment given
        WHERE given.offer_id = ANY (p_offers)
            AND given.member_id = (
                SELECT member.id FROM loyalty_member member
                WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode)
            AND EXISTS (
                SELECT FROM wallet_consent consent
                WHERE consent.person_id = p_person AND consent.merchant_id = p_merchant
                    AND consent.purpose = 'offers' AND consent.withdrawn_at IS NULL)));
END
$$;
