-- Bonuses around a birthday: which day that is, and when the last one was; the engine reckons with the store's calendar.
-- [month, day, told at, days before, days after, year of the last one, last given at], times as Unix seconds. NULL where
-- the programme gives none, or the member does not let this merchant use the day.
CREATE FUNCTION loyalty_birthday(p_member bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    terms jsonb;
    told jsonb;
BEGIN
    SELECT programme.bonuses, wallet_birthday_of(member.merchant_id, member.person_id) INTO terms, told
    FROM loyalty_member member JOIN loyalty_programme programme ON programme.id = member.programme_id
    WHERE member.id = p_member AND (programme.bonuses ->> 'birthday')::int > 0;
    RETURN told || (
        SELECT jsonb_build_array(terms -> 'days_before', terms -> 'days_after', max(used.occasion),
            extract(epoch FROM max(used.given_at)))
        FROM loyalty_bonus_use used WHERE used.member_id = p_member AND used.kind = 'birthday');
END
$$;

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
        'bonuses', loyalty_open_bonuses(found_member),
        'birthday', loyalty_birthday(found_member));
END
$$;
