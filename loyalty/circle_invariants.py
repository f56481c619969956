"""What ``manage.py verify`` proves of points that shops share."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("drawn_points_are_paid_for")
def drawn_points_are_paid_for() -> Proof:
    """Prove that what shops owe each other is the points that moved, at the price of that day.

    For each draw, in the ledger: the points that left the giver and those that the taker got, and
    what the one shop owes and the other is owed.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_points_draw",
        breaches="""
            SELECT 'sale ' || draw.sale_id || ' drew ' || draw.points - draw.back
                || ' points of member ' || draw.giver_id || '; booked are '
                || coalesce(booked.given, 0) || ' given, ' || coalesce(booked.taken, 0)
                || ' taken, ' || coalesce(booked.owing, 0) || ' owed by the one shop and '
                || coalesce(booked.owed, 0) || ' to the other'
            FROM loyalty_points_draw draw
            LEFT JOIN LATERAL (
                SELECT -sum(entry.amount) FILTER (
                        WHERE account.kind = 'member_points' AND account.owner_id = draw.giver_id
                    ) AS given,
                    sum(entry.amount) FILTER (
                        WHERE account.kind = 'member_points' AND account.owner_id = draw.taker_id
                    ) AS taken,
                    -sum(entry.amount) FILTER (
                        WHERE account.kind = 'circle_settlement'
                            AND account.owner_id = draw.giver_merchant_id) AS owing,
                    sum(entry.amount) FILTER (
                        WHERE account.kind = 'circle_settlement'
                            AND account.owner_id = draw.merchant_id) AS owed
                FROM generate_series(0, draw.steps) AS step
                JOIN payments_posting posting ON posting.mode = draw.mode
                    AND posting.kind = CASE step WHEN 0 THEN 'points_drawn'
                        ELSE 'points_drawn_back' END
                    AND posting.reference = draw.sale_id || '-' || draw.giver_id
                        || CASE step WHEN 0 THEN '' ELSE '-' || step END
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
            ) booked ON true
            CROSS JOIN LATERAL (
                SELECT draw.points - draw.back AS points, loyalty_draw_price(
                    draw.points - draw.back, draw.price_points, draw.price_amount) AS price
            ) stands
            WHERE (stands.points, stands.points, stands.price, stands.price) <> (
                coalesce(booked.given, 0), coalesce(booked.taken, 0),
                coalesce(booked.owing, 0), coalesce(booked.owed, 0))
        """,
    )


@invariant("shops_owe_each_other_for_draws")
def shops_owe_each_other_for_draws() -> Proof:
    """Prove that each shop's account is the sum of its draws, and that all accounts sum to zero."""
    return prove_none(
        rows="SELECT count(*) FROM payments_account WHERE kind = 'circle_settlement'",
        breaches="""
            SELECT 'merchant ' || coalesce(owed.merchant_id, booked.merchant_id) || ' is owed '
                || coalesce(booked.amount, 0) || ' in the ledger, and of draws '
                || coalesce(owed.amount, 0)
            FROM (
                SELECT whose.merchant_id, draw.mode, sum(whose.sign * loyalty_draw_price(
                    draw.points - draw.back, draw.price_points, draw.price_amount)) AS amount
                FROM loyalty_points_draw draw
                CROSS JOIN LATERAL (
                    VALUES (draw.merchant_id, 1), (draw.giver_merchant_id, -1)
                ) AS whose (merchant_id, sign)
                GROUP BY whose.merchant_id, draw.mode
            ) owed
            FULL JOIN (
                SELECT account.owner_id AS merchant_id, account.mode, sum(entry.amount) AS amount
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'circle_settlement'
                GROUP BY account.owner_id, account.mode
            ) booked ON (booked.merchant_id, booked.mode) = (owed.merchant_id, owed.mode)
            WHERE coalesce(owed.amount, 0) <> coalesce(booked.amount, 0)
            UNION ALL
            SELECT 'shops owe each other ' || sum(entry.amount) || ' (' || account.mode || ')'
            FROM payments_account account
            JOIN payments_entry entry ON entry.account_id = account.id
            WHERE account.kind = 'circle_settlement'
            GROUP BY account.mode HAVING sum(entry.amount) <> 0
        """,
    )


@invariant("points_are_drawn_between_own_members")
def points_are_drawn_between_own_members() -> Proof:
    """Prove that points were drawn for who had them, and no more than their sale spent."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_points_draw",
        breaches="""
            SELECT 'sale ' || draw.sale_id || ' drew points of another person'
            FROM loyalty_points_draw draw
            JOIN loyalty_member giver ON giver.id = draw.giver_id
            JOIN loyalty_member taker ON taker.id = draw.taker_id
            WHERE giver.person_id <> taker.person_id
            UNION ALL
            SELECT 'sale ' || drawn.sale_id || ' spent ' || coalesce(spend.points, 0)
                || ' points and drew ' || drawn.points
            FROM (
                SELECT sale_id, min(taker_id) AS taker_id, max(taker_id) AS other,
                    sum(points) AS points, sum(back) AS back
                FROM loyalty_points_draw GROUP BY sale_id
            ) drawn
            LEFT JOIN loyalty_spend spend ON spend.sale_id = drawn.sale_id
            WHERE drawn.points > coalesce(spend.points, 0) OR drawn.taker_id <> drawn.other
                OR spend.member_id <> drawn.taker_id OR drawn.back > spend.given_back
        """,
    )
