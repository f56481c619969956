"""What `manage.py verify` proves of points that were spent."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("spent_points_are_on_their_sales")
def spent_points_are_on_their_sales() -> Proof:
    """Prove that a sale's lines say of points what was taken from its member, and nothing else.

    What is set aside belongs to a sale that is open; what was released to one that never was, or
    that was captured in part.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_spend",
        breaches="""
            WITH said AS (
                SELECT line.sale_id, sum((reason ->> 'points')::bigint) AS points,
                    sum((reason ->> 'amount')::bigint) AS amount
                FROM trade_sale_line line
                CROSS JOIN LATERAL jsonb_array_elements(line.reasons) reason
                WHERE reason ->> 'kind' IN ('points', 'reward') GROUP BY line.sale_id
            )
            SELECT 'sale ' || coalesce(spend.sale_id, said.sale_id) || ' took '
                || coalesce(spend.points, 0) || ' points for ' || coalesce(spend.amount, 0)
                || ', its lines say ' || coalesce(said.points, 0) || ' for '
                || coalesce(said.amount, 0)
            FROM (SELECT * FROM loyalty_spend WHERE state = 'spent') spend
            FULL JOIN said ON said.sale_id = spend.sale_id
            WHERE (spend.points, spend.amount) IS DISTINCT FROM (said.points, said.amount)
            UNION ALL
            SELECT 'sale ' || sale.id || ' is ' || sale.state || ', its points are ' || spend.state
            FROM loyalty_spend spend
            JOIN loyalty_member member ON member.id = spend.member_id
            JOIN trade_sale sale ON sale.id = spend.sale_id
            WHERE (spend.state = 'held') <> (sale.state = 'open')
                OR spend.state = 'spent' AND sale.state <> 'closed'
                OR sale.person_id IS DISTINCT FROM member.person_id AND sale.state = 'closed'
        """,
    )


@invariant("points_set_aside_are_held")
def points_set_aside_are_held() -> Proof:
    """Prove that the ledger keeps apart for each member what their open payments set aside."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_spend WHERE state = 'held'",
        breaches="""
            SELECT 'member ' || coalesce(held.member_id, booked.member_id) || ' set '
                || coalesce(held.points, 0) || ' points aside, held are '
                || coalesce(booked.points, 0)
            FROM (
                SELECT member_id, sum(points) AS points FROM loyalty_spend
                WHERE state = 'held' GROUP BY member_id
            ) held
            FULL JOIN (
                SELECT account.owner_id AS member_id, sum(entry.amount) AS points
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'member_points_held' GROUP BY account.owner_id
            ) booked ON booked.member_id = held.member_id
            WHERE coalesce(held.points, 0) <> coalesce(booked.points, 0)
        """,
    )


@invariant("spent_points_come_back_once")
def spent_points_come_back_once() -> Proof:
    """Prove that what came back of spent points is booked, by its returns or its release."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_spend WHERE given_back > 0",
        breaches="""
            SELECT 'sale ' || spend.sale_id || ' gave ' || spend.given_back
                || ' points back, booked are ' || coalesce(booked.points, 0)
            FROM loyalty_spend spend
            LEFT JOIN LATERAL (
                SELECT sum(entry.amount) AS points
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.mode = spend.mode AND account.kind = 'member_points'
                    AND account.owner_id = spend.member_id
                    AND (posting.kind = 'points_released'
                            AND posting.reference = spend.sale_id::text
                        OR posting.kind = 'points_given_back' AND posting.reference IN (
                            SELECT back.sale_return_id::text FROM loyalty_spend_back back
                            WHERE back.spend_id = spend.sale_id))
            ) booked ON true
            WHERE spend.given_back <> coalesce(booked.points, 0)
        """,
    )


@invariant("cards_for_points_hold_their_amount")
def cards_for_points_hold_their_amount() -> Proof:
    """Prove that a gift card came for points with its amount, of the same merchant, and only so.

    And that the ledger took as many points for it as its row says.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_card_for_points",
        breaches="""
            SELECT 'gift card ' || coalesce(taken.gift_card_id, booked.card_id) || ' was to hold '
                || coalesce(taken.amount, 0) || ' for points, and ' || coalesce(booked.amount, 0)
                || ' was booked'
            FROM loyalty_card_for_points taken
            FULL JOIN (
                SELECT * FROM payments_gift_card_booking WHERE kind = 'rewarded'
            ) AS booked ON booked.card_id = taken.gift_card_id
            WHERE (taken.amount, taken.merchant_id, taken.mode)
                IS DISTINCT FROM (booked.amount, booked.merchant_id, booked.mode)
            UNION ALL
            SELECT 'gift card ' || taken.gift_card_id || ' cost ' || taken.points || ' points, and '
                || coalesce(posted.points, 0) || ' were taken'
            FROM loyalty_card_for_points taken
            LEFT JOIN (
                SELECT posting.reference, -sum(entry.amount) AS points FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.kind = 'points_for_card' AND account.kind = 'member_points'
                GROUP BY posting.reference
            ) AS posted ON posted.reference = taken.id::text
            WHERE posted.points IS DISTINCT FROM taken.points
        """,
    )


@invariant("spending_terms_are_the_last_that_began")
def spending_terms_are_the_last_that_began() -> Proof:
    """Prove that what points take off now is what was put last and has begun."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_spending",
        breaches="""
            SELECT 'merchant ' || coalesce(counts.merchant_id, began.merchant_id)
                || ' spends points on other terms than were put last'
            FROM loyalty_spending counts
            FULL JOIN (
                SELECT DISTINCT ON (merchant_id) merchant_id, terms FROM loyalty_spending_version
                WHERE started_at IS NOT NULL ORDER BY merchant_id, started_at DESC, id DESC
            ) began ON began.merchant_id = counts.merchant_id
            WHERE to_jsonb(counts) - 'merchant_id' - 'changed_at' IS DISTINCT FROM began.terms
        """,
    )
