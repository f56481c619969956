"""What ``manage.py verify`` proves of online payments, links, and ages that were looked at."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("online_payments_are_sales")
def online_payments_are_sales() -> Proof:
    """Prove that what was captured online is what was taken for its sale, and no sale is twice.

    Until the last part the sale is open, and what is set aside for it is what was confirmed; of one
    that was given up the sale is cancelled and nothing was taken. What gift cards pay is taken
    first, and OK takes the rest.
    """
    return prove_none(
        rows="SELECT count(*) FROM merchants_online_payment",
        breaches="""
            SELECT 'payment ' || payment.uuid || ' is ' || payment.state || ' with '
                || payment.captured || ' captured; its sale is '
                || coalesce(sale.state, 'not there') || ', set aside are '
                || coalesce(held.amount, 0) || ', taken were '
                || coalesce(taken.amount, held.captured, 0)
            FROM merchants_online_payment payment
            LEFT JOIN trade_sale sale ON sale.id = payment.sale_id
            LEFT JOIN payments_authorisation held ON held.sale_id = payment.sale_id
            LEFT JOIN payments_payment taken ON taken.sale_id = payment.sale_id
            WHERE greatest(payment.captured - payment.by_cards, 0)
                    <> coalesce(taken.amount, held.captured, 0)
                OR sale.state IS DISTINCT FROM CASE
                    WHEN payment.sale_id IS NULL THEN NULL
                    WHEN payment.state = 'captured' THEN 'closed'
                    WHEN payment.state IN ('authorised', 'partially_captured') THEN 'open'
                    ELSE 'cancelled' END
                OR payment.state IN ('authorised', 'partially_captured')
                AND (coalesce(held.amount, 0), held.ended_at)
                    IS DISTINCT FROM (payment.amount - payment.by_cards, NULL)
                OR sale.uuid <> payment.sale_uuid OR sale.person_id <> payment.person_id
            UNION ALL
            SELECT 'sale ' || sale_id || ' has ' || count(*) || ' online payments'
            FROM merchants_online_payment WHERE sale_id IS NOT NULL
            GROUP BY sale_id HAVING count(*) > 1
        """,
    )


@invariant("gift_cards_pay_online_as_confirmed")
def gift_cards_pay_online_as_confirmed() -> Proof:
    """Prove that cards pay what was confirmed that they pay: set aside until captured, then spent.

    Of less that was captured they pay first; of what was given up nothing is set aside.
    """
    return prove_none(
        rows="SELECT count(*) FROM merchants_online_payment WHERE by_cards > 0",
        breaches="""
            SELECT 'payment ' || payment.uuid || ' is ' || payment.state || ' with '
                || payment.by_cards || ' by gift cards, of which ' || coalesce(card.aside, 0)
                || ' is set aside and ' || coalesce(card.spent, 0) || ' was spent'
            FROM merchants_online_payment payment
            LEFT JOIN (
                SELECT sale_id, -sum(amount) FILTER (WHERE kind IN ('held', 'released')) AS aside,
                    -sum(amount) FILTER (WHERE kind = 'spent') AS spent
                FROM payments_gift_card_booking WHERE sale_id IS NOT NULL GROUP BY sale_id
            ) AS card ON card.sale_id = payment.sale_id
            WHERE payment.sale_id IS NOT NULL
                AND (coalesce(card.aside, 0), coalesce(card.spent, 0)) IS DISTINCT FROM (
                    CASE WHEN payment.state IN ('authorised', 'partially_captured')
                        THEN payment.by_cards ELSE 0 END,
                    CASE WHEN payment.state = 'captured'
                        THEN least(payment.captured, payment.by_cards) ELSE 0 END)
                OR payment.by_cards > coalesce(payment.amount, 0)
        """,
    )


@invariant("links_are_paid_as_often_as_they_may")
def links_are_paid_as_often_as_they_may() -> Proof:
    """Prove that a link that is paid once is, and that payments keep to their link's amount."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_payment_link",
        breaches="""
            SELECT 'link ' || link.uuid || ' is for once and was paid ' || count(*) || ' times'
            FROM merchants_payment_link link
            JOIN merchants_online_payment payment ON payment.link_id = link.id
            WHERE link.only_once
                AND payment.state IN ('authorised', 'partially_captured', 'captured')
            GROUP BY link.id HAVING count(*) > 1
            UNION ALL
            SELECT 'payment ' || payment.uuid || ' of ' || payment.asked
                || ' is not what its link asks'
            FROM merchants_online_payment payment
            JOIN merchants_payment_link link ON link.id = payment.link_id
            WHERE payment.only_once <> link.only_once
                OR NOT coalesce(payment.asked = link.amount,
                    payment.asked BETWEEN link.least AND link.most)
        """,
    )


@invariant("ages_were_looked_at")
def ages_were_looked_at() -> Proof:
    """Prove that of each paid sale with goods from some age it is kept who looked."""
    return prove_none(
        rows="SELECT count(*) FROM trade_sale_line WHERE minimum_age > 0",
        breaches="""
            SELECT 'sale ' || asks.sale_id || ' asked for ' || asks.age || ' years, and '
                || CASE WHEN looked.id IS NULL THEN 'nobody looked'
                    ELSE 'somebody looked for ' || (looked.data ->> 'minimum_age') END
            FROM (
                SELECT sale_id, max(minimum_age) AS age FROM trade_sale_line
                WHERE minimum_age > 0 GROUP BY sale_id
            ) AS asks
            LEFT JOIN kernel_auditentry looked ON looked.object_type = 'sale'
                AND looked.object_id = asks.sale_id::text AND looked.action = 'age_checked'
            WHERE (looked.data ->> 'minimum_age')::int IS DISTINCT FROM asks.age
                OR coalesce(looked.data ->> 'operator', '') = ''
        """,
    )
