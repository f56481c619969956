"""What `manage.py verify` proves of bonuses."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("bonuses_lie_within_what_their_sales_earned")
def bonuses_lie_within_what_their_sales_earned() -> Proof:
    """Prove that each bonus is in the points of a sale of its member, and has its occasion."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_bonus_use",
        breaches="""
            SELECT 'sale ' || used.sale_id || ' gave bonuses of ' || used.milli
                || ' and earned ' || earning.milli
            FROM (
                SELECT sale_id, member_id, sum(milli) AS milli
                FROM loyalty_bonus_use GROUP BY sale_id, member_id
            ) used
            JOIN loyalty_earning earning ON earning.sale_id = used.sale_id
            JOIN trade_sale sale ON sale.id = used.sale_id
            -- Of money that was taken in part, so are the points.
            WHERE (used.milli > earning.milli AND sale.due > 0 AND NOT EXISTS (
                    SELECT FROM payments_authorisation held WHERE held.sale_id = sale.id))
                OR used.member_id <> earning.member_id
            UNION ALL
            SELECT 'sale ' || sale.id || ' is cancelled and gave a bonus'
            FROM loyalty_bonus_use used JOIN trade_sale sale ON sale.id = used.sale_id
            WHERE sale.state = 'cancelled'
            UNION ALL
            SELECT 'member ' || used.member_id || ' got a bonus for member ' || used.occasion
                || ', who came with somebody else'
            FROM loyalty_bonus_use used
            LEFT JOIN loyalty_referral friend ON friend.member_id = used.occasion
            WHERE used.kind = 'referrer' AND friend.by_id IS DISTINCT FROM used.member_id
            UNION ALL
            SELECT 'member ' || used.member_id || ' got two bonuses for birthdays within '
                || extract(day FROM used.given_at - used.before) || ' days'
            FROM (SELECT member_id, given_at,
                    lag(given_at) OVER (PARTITION BY member_id ORDER BY given_at) AS before
                FROM loyalty_bonus_use WHERE kind = 'birthday') used
            WHERE used.given_at - used.before < interval '299 days'
        """,
    )
