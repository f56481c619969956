-- What counts for these members' tiers, day by day on the merchant's calendar: milli-points earned, or money spent on
-- goods (no deposits, no tips), less what came back of it, which counts against the day of its sale.
CREATE OR REPLACE FUNCTION loyalty_tier_history(p_members bigint[])
RETURNS TABLE (member_id bigint, day date, amount bigint) LANGUAGE sql STABLE AS $$
    SELECT earning.member_id, (earning.earned_at AT TIME ZONE merchant.timezone)::date,
        sum(CASE programme.tier_basis
            WHEN 'points' THEN earning.milli - coalesce((
                SELECT sum(back.milli) FROM loyalty_reversal back WHERE back.sale_id = earning.sale_id), 0)
            ELSE coalesce((
                SELECT sum(sold.paid - coalesce((
                    SELECT sum(came.amount)
                    FROM trade_return back JOIN trade_return_line came ON came.sale_return_id = back.id
                    WHERE back.sale_id = sold.sale_id AND came.number = sold.number), 0))
                FROM trade_sale_line sold
                WHERE sold.sale_id = earning.sale_id AND sold.kind = 'goods'), 0)
        END)::bigint
    FROM loyalty_earning earning
    JOIN loyalty_member member ON member.id = earning.member_id
    JOIN loyalty_programme programme ON programme.id = member.programme_id
    JOIN parties_merchant merchant ON merchant.id = member.merchant_id
    WHERE earning.member_id = ANY (p_members)
    GROUP BY 1, 2
$$;
