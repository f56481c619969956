DROP FUNCTION loyalty_give_bonuses;
CREATE OR REPLACE FUNCTION loyalty_standing(p_merchant bigint, p_person bigint, p_mode text, p_wanted boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    IF p_person IS NULL OR NOT p_wanted THEN
        RETURN '{}';
    END IF;
    RETURN jsonb_build_object('tier', (
        SELECT jsonb_build_array(stands.tier, stands.amount)
        FROM loyalty_member member JOIN loyalty_member_tier stands ON stands.member_id = member.id
        WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode));
END
$$;
DROP FUNCTION loyalty_open_bonuses;
ALTER TABLE loyalty_bonus_use
    DROP CONSTRAINT bonus_use_member_of_same_merchant_and_mode,
    DROP CONSTRAINT bonus_use_sale_of_same_merchant_and_mode;
ALTER TABLE loyalty_referral
    DROP CONSTRAINT referral_member_of_same_merchant_and_mode, DROP CONSTRAINT referral_by_of_same_merchant_and_mode;
ALTER TABLE loyalty_referral_code DROP CONSTRAINT referral_code_member_of_same_merchant_and_mode;
