-- Tiers: where each member stands, for the sale to multiply by.
ALTER TABLE loyalty_member_tier
    ADD CONSTRAINT member_tier_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);
ALTER TABLE loyalty_member_tier SET (fillfactor = 80);

-- The tier of a person, and what counts for it: {"tier": [key, amount]}. Beside loyalty_own in one statement; nothing
-- is read where the merchant has no tiers.
CREATE FUNCTION loyalty_standing(p_merchant bigint, p_person bigint, p_mode text, p_wanted boolean)
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

-- What counts for these members' tiers, day by day on the merchant's calendar: milli-points earned, or money spent, less
-- what came back, which counts against the day of its sale.
CREATE FUNCTION loyalty_tier_history(p_members bigint[])
RETURNS TABLE (member_id bigint, day date, amount bigint) LANGUAGE sql STABLE AS $$
    SELECT earning.member_id, (earning.earned_at AT TIME ZONE merchant.timezone)::date,
        sum(CASE programme.tier_basis
            WHEN 'points' THEN earning.milli - coalesce((
                SELECT sum(back.milli) FROM loyalty_reversal back WHERE back.sale_id = earning.sale_id), 0)
            ELSE sale.due - coalesce((
                SELECT sum(back.amount) FROM trade_return back WHERE back.sale_id = earning.sale_id), 0)
        END)::bigint
    FROM loyalty_earning earning
    JOIN loyalty_member member ON member.id = earning.member_id
    JOIN loyalty_programme programme ON programme.id = member.programme_id
    JOIN parties_merchant merchant ON merchant.id = member.merchant_id
    JOIN trade_sale sale ON sale.id = earning.sale_id
    WHERE earning.member_id = ANY (p_members)
    GROUP BY 1, 2
$$;
