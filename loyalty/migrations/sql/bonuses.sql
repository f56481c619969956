-- Bonuses: each once, given by a sale within what it earns.
ALTER TABLE loyalty_referral_code
    ADD CONSTRAINT referral_code_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);
ALTER TABLE loyalty_referral
    ADD CONSTRAINT referral_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT referral_by_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, by_id) REFERENCES loyalty_member (merchant_id, mode, id);
ALTER TABLE loyalty_bonus_use
    ADD CONSTRAINT bonus_use_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT bonus_use_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);

-- The bonuses that a member's next purchase brings: [kind, occasion]. Who brought somebody along gets theirs once that
-- somebody has bought, and not brought all of it back; for at most so many people as the programme says.
CREATE FUNCTION loyalty_open_bonuses(p_member bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    found jsonb := '[]';
    is_first constant boolean := NOT EXISTS (SELECT FROM loyalty_earning earning WHERE earning.member_id = p_member);
    most constant int := (
        SELECT (programme.bonuses ->> 'most')::int FROM loyalty_member member
        JOIN loyalty_programme programme ON programme.id = member.programme_id WHERE member.id = p_member);
BEGIN
    IF is_first THEN
        found := (SELECT coalesce(jsonb_agg(jsonb_build_array(open.kind, 0) ORDER BY open.kind), '[]')
            FROM (SELECT 'first' AS kind
                UNION ALL SELECT 'referred' FROM loyalty_referral mine WHERE mine.member_id = p_member) AS open
            WHERE NOT EXISTS (SELECT FROM loyalty_bonus_use used
                WHERE used.member_id = p_member AND used.kind = open.kind AND used.occasion = 0));
    END IF;
    RETURN found || (SELECT coalesce(jsonb_agg(jsonb_build_array('referrer', brought.member_id)), '[]')
        FROM (
            SELECT friend.member_id FROM loyalty_referral friend
            WHERE friend.by_id = p_member
                AND NOT EXISTS (SELECT FROM loyalty_bonus_use used WHERE used.member_id = p_member
                    AND used.kind = 'referrer' AND used.occasion = friend.member_id)
                AND EXISTS (SELECT FROM loyalty_earning earning WHERE earning.member_id = friend.member_id
                    AND earning.milli > (SELECT coalesce(sum(back.milli), 0) FROM loyalty_reversal back
                        WHERE back.sale_id = earning.sale_id))
            ORDER BY friend.made_at, friend.member_id
            LIMIT greatest(coalesce(most, 0) - (SELECT count(*) FROM loyalty_bonus_use used
                WHERE used.member_id = p_member AND used.kind = 'referrer'), 0)
        ) AS brought);
END
$$;

-- The tier of a person, what counts for it, and the bonuses that wait: {"tier": [key, amount], "bonuses": [[kind,
-- occasion]]}. Beside loyalty_own in one statement; nothing is read where the merchant has neither.
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

-- Give a sale's member its bonuses, each once whatever other tills do. A second call for the same sale does nothing.
-- Raises OK032 (detail: the kind) where another sale has given one.
CREATE FUNCTION loyalty_give_bonuses(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_member bigint,
    p_kinds text[], p_occasions bigint[], p_millis bigint[]
) RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    bonus record;
BEGIN
    FOR bonus IN
        SELECT * FROM unnest(p_kinds, p_occasions, p_millis) AS one (kind, occasion, milli) ORDER BY kind, occasion
    LOOP
        INSERT INTO loyalty_bonus_use (member_id, kind, occasion, sale_id, merchant_id, mode, milli, given_at)
        VALUES (p_member, bonus.kind, bonus.occasion, p_sale, p_merchant, p_mode, bonus.milli, p_at)
        ON CONFLICT (member_id, kind, occasion) DO NOTHING;
        IF NOT FOUND AND NOT EXISTS (
            SELECT FROM loyalty_bonus_use used WHERE used.member_id = p_member AND used.kind = bonus.kind
                AND used.occasion = bonus.occasion AND used.sale_id = p_sale)
        THEN
            RAISE EXCEPTION 'another sale gave this bonus' USING ERRCODE = 'OK032', DETAIL = bonus.kind;
        END IF;
    END LOOP;
    RETURN cardinality(p_kinds);
END
$$;
