DROP FUNCTION loyalty_take_stamps_back, loyalty_release_stamps, loyalty_stamp;

CREATE OR REPLACE FUNCTION loyalty_got(p_merchant bigint, p_person bigint, p_mode text, p_offers bigint[])
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
ALTER TABLE loyalty_stamp_use
    DROP CONSTRAINT stamp_use_of_its_card, DROP CONSTRAINT stamp_use_sale_of_same_merchant_and_mode;
ALTER TABLE loyalty_member_stamps
    DROP CONSTRAINT member_stamps_member_of_same_merchant_and_mode,
    DROP CONSTRAINT member_stamps_offer_of_same_merchant;
