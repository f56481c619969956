CREATE OR REPLACE FUNCTION loyalty_standing(p_merchant bigint, p_person bigint, p_mode text, p_wanted boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    found_member bigint;
BEGIN
    IF p_person IS NULL OR NOT p_wanted THEN
        RETURN '{}';
    END IF;
    found_member := (SELECT member.id FROM loyalty_member member
        WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode);
    IF found_member IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN jsonb_build_object(
        'tier', (SELECT jsonb_build_array(stands.tier, stands.amount)
            FROM loyalty_member_tier stands WHERE stands.member_id = found_member),
        'bonuses', loyalty_open_bonuses(found_member));
END
$$;
DROP FUNCTION loyalty_birthday;
DELETE FROM loyalty_bonus_use WHERE kind = 'birthday';
