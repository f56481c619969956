"""The proofs of gift cards; ``manage.py verify`` runs them beside those of the ledger."""

from okplatform.kernel.invariants import Proof, invariant, prove_none

BOOKINGS = "SELECT count(*) FROM payments_gift_card_booking"


@invariant("gift_cards_hold_what_was_booked")
def gift_cards_hold_what_was_booked() -> Proof:
    """Prove that a card's balance in the ledger is what its bookings add up to.

    Sold, topped up, given back and moved in, less spent, taken back and moved out: all but the
    ledger's own sum is read from the bookings. The last of them says the same balance.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_gift_card",
        breaches="""
            SELECT 'gift card ' || card.id || ' has ' || coalesce(booked.amount, 0)
                || ' by its bookings, ' || coalesce(last.balance, 0) || ' by the last of them, and '
                || coalesce(held.amount, 0) || ' in the ledger'
            FROM payments_gift_card card
            LEFT JOIN (
                SELECT card_id, sum(amount) AS amount, max(id) AS last_id
                FROM payments_gift_card_booking GROUP BY card_id
            ) AS booked ON booked.card_id = card.id
            LEFT JOIN payments_gift_card_booking last ON last.id = booked.last_id
            LEFT JOIN (
                SELECT account.owner_id, account.mode, account.asset, sum(entry.amount) AS amount
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'gift_card' GROUP BY account.id
            ) AS held ON held.owner_id = card.id
                AND (held.mode, held.asset) = (card.mode, card.currency)
            WHERE coalesce(booked.amount, 0) <> coalesce(held.amount, 0)
                OR coalesce(last.balance, 0) <> coalesce(held.amount, 0)
        """,
    )


@invariant("gift_card_bookings_are_posted")
def gift_card_bookings_are_posted() -> Proof:
    """Prove that each booking has its posting, of its amount, and its merchant owes the same.

    What was written off stands against breakage.
    """
    return prove_none(
        rows=BOOKINGS,
        breaches="""
            SELECT 'booking ' || coalesce(booking.id::text, posted.reference) || ' of '
                || coalesce(booking.amount, 0) || ' is posted as ' || coalesce(posted.on_card, 0)
                || ' on card ' || coalesce(posted.card_id, 0)
                || ' and ' || coalesce(posted.other, 0) || ' on the other side'
            FROM payments_gift_card_booking booking
            FULL JOIN (
                SELECT posting.kind, posting.reference, posting.mode,
                    sum(entry.amount) FILTER (WHERE account.kind = 'gift_card') AS on_card,
                    max(account.owner_id) FILTER (WHERE account.kind = 'gift_card') AS card_id,
                    sum(entry.amount) FILTER (WHERE account.kind <> 'gift_card') AS other,
                    max(account.owner_id) FILTER (WHERE account.kind = 'gift_cards_issued')
                        AS merchant_id,
                    max(account.owner_id) FILTER (WHERE account.kind = 'gift_card_breakage')
                        AS broke_at
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE starts_with(posting.kind, 'gift_card_')
                GROUP BY posting.id
            ) AS posted ON posted.reference = booking.id::text
                AND posted.kind = 'gift_card_' || booking.kind AND posted.mode = booking.mode
            WHERE (booking.amount, -booking.amount, booking.card_id, booking.merchant_id)
                IS DISTINCT FROM
                (posted.on_card, posted.other, posted.card_id,
                    CASE WHEN booking.kind IN ('held', 'released') THEN booking.merchant_id
                         WHEN booking.kind IN ('lapsed', 'revived') THEN posted.broke_at
                         ELSE posted.merchant_id END)
        """,
    )


@invariant("gift_card_tenders_were_spent")
def gift_card_tenders_were_spent() -> Proof:
    """Prove that each tender by gift card was taken from one, and what came back is on one again.

    Never more came back on cards than they paid.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_gift_card_booking WHERE sale_id IS NOT NULL",
        breaches="""
            SELECT 'sale ' || coalesce(spent.sale_id, tender.sale_id) || ' tender '
                || coalesce(spent.number, tender.number) || ' is ' || coalesce(tender.amount, 0)
                || ', and ' || coalesce(spent.amount, 0) || ' of it was taken from cards, '
                || coalesce(spent.back, 0) || ' given back'
            FROM (
                SELECT sale_id, number, -sum(amount) FILTER (WHERE kind = 'spent') AS amount,
                    coalesce(sum(amount) FILTER (WHERE kind = 'refunded'), 0) AS back
                FROM payments_gift_card_booking WHERE kind IN ('spent', 'refunded')
                GROUP BY sale_id, number
            ) AS spent
            FULL JOIN (SELECT * FROM trade_tender WHERE kind = 'gift_card') AS tender
                ON (tender.sale_id, tender.number) = (spent.sale_id, spent.number)
            WHERE tender.amount IS DISTINCT FROM spent.amount OR spent.back > spent.amount
            UNION ALL
            SELECT 'return ' || coalesce(back.sale_return_id, tender.sale_return_id) || ' is '
                || coalesce(tender.amount, 0) || ' on gift cards, and '
                || coalesce(back.amount, 0) || ' was put there'
            FROM (
                SELECT sale_return_id, sum(amount) AS amount FROM payments_gift_card_booking
                WHERE kind = 'refunded' GROUP BY sale_return_id
            ) AS back
            FULL JOIN (SELECT * FROM trade_return_tender WHERE kind = 'gift_card') AS tender
                ON tender.sale_return_id = back.sale_return_id
            WHERE tender.amount IS DISTINCT FROM back.amount
        """,
    )


@invariant("gift_cards_are_held_for_open_sales")
def gift_cards_are_held_for_open_sales() -> Proof:
    """Prove that only sales that wait have something of a card set aside, as the ledger has it."""
    return prove_none(
        rows="SELECT count(*) FROM payments_gift_card_booking WHERE kind = 'held'",
        breaches="""
            SELECT 'gift card ' || booking.card_id || ' has ' || -sum(booking.amount)
                || ' set aside for sale ' || booking.sale_id || ', which is ' || sale.state
            FROM payments_gift_card_booking booking
            JOIN trade_sale sale ON sale.id = booking.sale_id
            WHERE booking.kind IN ('held', 'released')
            GROUP BY booking.card_id, booking.sale_id, sale.state
            HAVING sum(booking.amount) > 0 OR sum(booking.amount) < 0 AND sale.state <> 'open'
            UNION ALL
            SELECT 'gift card ' || coalesce(aside.card_id, held.owner_id) || ' has '
                || coalesce(aside.amount, 0) || ' set aside, and ' || coalesce(held.amount, 0)
                || ' in the ledger'
            FROM (
                SELECT card_id, -sum(amount) AS amount FROM payments_gift_card_booking
                WHERE kind IN ('held', 'released') GROUP BY card_id
            ) AS aside
            FULL JOIN (
                SELECT account.owner_id, sum(entry.amount) AS amount FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'gift_card_held' GROUP BY account.id
            ) AS held ON held.owner_id = aside.card_id
            WHERE coalesce(aside.amount, 0) <> coalesce(held.amount, 0)
        """,
    )
