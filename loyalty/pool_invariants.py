"""What ``manage.py verify`` proves of points that families spend together."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("pools_owe_nobody_who_left")
def pools_owe_nobody_who_left() -> Proof:
    """Prove that what members of a pool lent each other adds up, and that who left owes nothing.

    And that a member's row says which pool their seat is in.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_pool",
        breaches="""
            SELECT 'member ' || member_id || ' left pool ' || pool_id || ' with '
                || sum(points) || ' points lent'
            FROM (
                SELECT pool_id, giver_id AS member_id, points FROM loyalty_pool_draw
                UNION ALL SELECT pool_id, taker_id, -points FROM loyalty_pool_draw
            ) AS lent
            WHERE NOT EXISTS (
                SELECT FROM loyalty_pool_seat seat
                WHERE (seat.pool_id, seat.member_id) = (lent.pool_id, lent.member_id))
            GROUP BY pool_id, member_id HAVING sum(points) <> 0
            UNION ALL
            SELECT 'member ' || member.id || ' says pool ' || coalesce(member.pool_id::text, 'none')
                || ', their seat is in ' || coalesce(seat.pool_id::text, 'none')
            FROM loyalty_member member
            FULL JOIN loyalty_pool_seat seat ON seat.member_id = member.id
            WHERE member.pool_id IS DISTINCT FROM seat.pool_id
            UNION ALL
            SELECT 'member ' || seat.member_id || ' is in a pool of another programme'
            FROM loyalty_pool_seat seat
            JOIN loyalty_pool pool ON pool.id = seat.pool_id
            JOIN loyalty_member member ON member.id = seat.member_id
            WHERE member.programme_id <> pool.programme_id
        """,
    )


@invariant("points_lent_are_booked")
def points_lent_are_booked() -> Proof:
    """Prove that each draw has its posting, from the one member to the other, and its sale.

    A sale draws for who spends its points, and no more than they are.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_pool_draw",
        breaches="""
            SELECT 'draw ' || draw.id || ' is of ' || draw.points || ' points, booked are '
                || coalesce(booked.given, 0) || ' and ' || coalesce(booked.taken, 0)
            FROM loyalty_pool_draw draw
            LEFT JOIN LATERAL (
                SELECT -sum(entry.amount) FILTER (WHERE account.owner_id = draw.giver_id) AS given,
                    sum(entry.amount) FILTER (WHERE account.owner_id = draw.taker_id) AS taken
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.kind = 'points_lent' AND posting.mode = draw.mode
                    AND posting.reference = draw.id::text AND account.kind = 'member_points'
            ) booked ON true
            WHERE (booked.given, booked.taken) IS DISTINCT FROM (
                CASE WHEN draw.kind <> 'forgiven' THEN draw.points END,
                CASE WHEN draw.kind <> 'forgiven' THEN draw.points END)
            UNION ALL
            SELECT 'sale ' || draw.sale_id || ' drew ' || sum(draw.points) || ' points and spent '
                || coalesce(spend.points, 0)
            FROM loyalty_pool_draw draw
            LEFT JOIN loyalty_spend spend
                ON (spend.sale_id, spend.member_id) = (draw.sale_id, draw.taker_id)
            WHERE draw.sale_id IS NOT NULL
            GROUP BY draw.sale_id, spend.sale_id, spend.points
            HAVING sum(draw.points) > coalesce(spend.points, 0)
        """,
    )
