CREATE OR REPLACE FUNCTION loyalty_tier_history(p_members bigint[])
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
