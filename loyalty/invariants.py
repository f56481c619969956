"""What `manage.py verify` proves of points and offers."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("carries_account_for_every_milli_point")
def carries_account_for_every_milli_point() -> Proof:
    """Prove that what members earned is booked as points or waits in their carry."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_earning",
        breaches="""
            SELECT 'member ' || member.id || ' carries ' || member.carry || ' milli-points, not '
                || coalesce(earned.rest, 0)
            FROM loyalty_member member
            LEFT JOIN (
                SELECT member_id, sum(milli) - 1000 * sum(points) AS rest
                FROM loyalty_earning GROUP BY member_id
            ) earned ON earned.member_id = member.id
            WHERE member.carry <> coalesce(earned.rest, 0)
        """,
    )


@invariant("points_in_the_ledger_are_points_earned")
def points_in_the_ledger_are_points_earned() -> Proof:
    """Prove that each member's account holds what their sales earned, no more and no less."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_member",
        breaches="""
            SELECT 'member ' || coalesce(member.id, booked.member_id) || ' has '
                || coalesce(booked.points, 0) || ' points and earned ' || coalesce(earned.points, 0)
            FROM (
                SELECT account.owner_id AS member_id, account.mode, account.asset,
                    sum(entry.amount) AS points
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'member_points'
                GROUP BY account.owner_id, account.mode, account.asset
            ) booked
            FULL JOIN loyalty_member member ON member.id = booked.member_id
                AND member.mode = booked.mode
                AND booked.asset = 'points:' || member.programme_id
            LEFT JOIN (
                SELECT member_id, sum(points) AS points FROM loyalty_earning GROUP BY member_id
            ) earned ON earned.member_id = member.id
            WHERE coalesce(booked.points, 0) <> coalesce(earned.points, 0)
        """,
    )


@invariant("earnings_are_those_of_their_sales")
def earnings_are_those_of_their_sales() -> Proof:
    """Prove that each earning has its closed sale, of the same person and with the same points."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_earning",
        breaches="""
            SELECT 'sale ' || sale.id || ' says ' || sale.points_earned || ' points, its earning '
                || earning.points
            FROM loyalty_earning earning
            JOIN loyalty_member member ON member.id = earning.member_id
            JOIN trade_sale sale ON sale.id = earning.sale_id
            WHERE sale.state <> 'closed' OR sale.points_earned <> earning.points
                OR sale.person_id IS DISTINCT FROM member.person_id
            UNION ALL
            SELECT 'sale ' || sale.id || ' gave points that nobody earned'
            FROM trade_sale sale
            WHERE sale.points_earned > 0 AND sale.state = 'closed' AND NOT EXISTS (
                SELECT FROM loyalty_earning earning WHERE earning.sale_id = sale.id)
        """,
    )


@invariant("offers_gave_what_their_limits_allow")
def offers_gave_what_their_limits_allow() -> Proof:
    """Prove that what limited offers gave and have left is their limit.

    A rehearsal in test mode may have given more than a limit set afterwards; then nothing is left.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_offer_use",
        breaches="""
            SELECT 'offer ' || offer.id || ' (' || mode.mode || ') gave ' || given.amount || ' in '
                || given.uses || ' uses; left are ' || coalesce(budget.amount::text, 'any amount')
                || ' and ' || coalesce(budget.uses::text, 'any number')
            FROM loyalty_offer offer
            CROSS JOIN (VALUES ('live', NULL), ('test', 0)) mode (mode, least)
            LEFT JOIN (
                SELECT offer_id, mode, sum(left_amount) AS amount, sum(left_uses) AS uses
                FROM loyalty_offer_budget GROUP BY offer_id, mode
            ) budget ON budget.offer_id = offer.id AND budget.mode = mode.mode
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount), 0) AS amount, count(*) AS uses
                FROM loyalty_offer_use used
                WHERE used.offer_id = offer.id AND used.mode = mode.mode
            ) given
            WHERE offer.budget IS NOT NULL AND budget.amount IS DISTINCT FROM
                    greatest(offer.budget - given.amount, mode.least)
                OR offer.uses IS NOT NULL AND budget.uses IS DISTINCT FROM
                    greatest(offer.uses - given.uses, mode.least)
        """,
    )
