"""What ``manage.py verify`` proves of shifts."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("shifts_do_not_overlap")
def shifts_do_not_overlap() -> Proof:
    """Prove that no two shifts of a till count the same moment, and that one at most is open."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_shift",
        breaches="""
            SELECT 'shift ' || id || ' begins at ' || opened_at || ', before another has ended'
            FROM (
                SELECT id, opened_at, lag(coalesce(closed_at, 'infinity')) OVER (
                    PARTITION BY terminal_id, mode ORDER BY opened_at, id) AS before
                FROM merchants_shift
            ) AS shift WHERE opened_at < before
        """,
    )


@invariant("shift_totals_are_the_ledgers")
def shift_totals_are_the_ledgers() -> Proof:
    """Prove of each shift that its lines, its tenders and the ledger come to the same, to the cent.

    What OK and gift cards paid and gave back is what the ledger booked for just those sales and
    returns; what all tenders paid is what the sales came to, and so are the lines with their VAT.
    """
    return prove_none(rows="SELECT count(*) FROM merchants_shift", breaches=BREACHES)


# Sales and returns of each shift once; then each book beside the other.
BREACHES = """
    WITH sold AS MATERIALIZED (
        SELECT shift.id AS shift_id, sale.id, sale.due
        FROM merchants_shift shift JOIN trade_sale sale ON sale.merchant_id = shift.merchant_id
            AND sale.mode = shift.mode AND sale.store_id = shift.store_id
            AND sale.terminal_id = shift.terminal_id
            AND sale.closed_at >= shift.opened_at
            AND sale.closed_at < coalesce(shift.closed_at, 'infinity')
    ), back AS MATERIALIZED (
        SELECT shift.id AS shift_id, came.id, came.amount
        FROM merchants_shift shift JOIN trade_return came ON came.merchant_id = shift.merchant_id
            AND came.mode = shift.mode AND came.store_id = shift.store_id
            AND came.terminal_id = shift.terminal_id
            AND came.returned_at >= shift.opened_at
            AND came.returned_at < coalesce(shift.closed_at, 'infinity')
    ), said AS (
        SELECT shift_id, 'sales'::text AS book, sum(due) AS amount FROM sold GROUP BY 1
        UNION ALL
        SELECT shift_id, 'refunds', sum(amount) FROM back GROUP BY 1
        UNION ALL
        SELECT shift_id, 'paid by ' || tender.kind, sum(tender.amount)
        FROM sold JOIN trade_tender tender ON tender.sale_id = sold.id
        WHERE tender.kind IN ('ok', 'gift_card') GROUP BY 1, 2
        UNION ALL
        SELECT shift_id, 'given back by ' || tender.kind, sum(tender.amount)
        FROM back JOIN trade_return_tender tender ON tender.sale_return_id = back.id
        WHERE tender.kind IN ('ok', 'gift_card') GROUP BY 1, 2
    ), booked AS (
        SELECT shift_id, 'sales'::text AS book, sum(line.paid) AS amount
        FROM sold JOIN trade_sale_line line ON line.sale_id = sold.id GROUP BY 1
        UNION ALL
        SELECT shift_id, 'refunds', sum(line.amount)
        FROM back JOIN trade_return_line line ON line.sale_return_id = back.id GROUP BY 1
        UNION ALL
        SELECT shift_id, 'paid by ok', sum(entry.amount)
        FROM sold JOIN payments_posting posting ON posting.kind = 'sale_paid'
            AND posting.reference = sold.id::text
        JOIN payments_entry entry ON entry.posting_id = posting.id
        JOIN payments_account account ON account.id = entry.account_id
            AND account.kind = 'merchant_payable'
        GROUP BY 1
        UNION ALL
        SELECT shift_id, 'paid by gift_card', -sum(entry.amount)
        FROM sold JOIN payments_gift_card_booking booking ON booking.sale_id = sold.id
            AND booking.kind = 'spent'
        JOIN payments_posting posting ON posting.kind = 'gift_card_spent'
            AND posting.reference = booking.id::text
        JOIN payments_entry entry ON entry.posting_id = posting.id
        JOIN payments_account account ON account.id = entry.account_id
            AND account.kind = 'gift_card'
        GROUP BY 1
        UNION ALL
        SELECT shift_id, 'given back by ok', -sum(entry.amount)
        FROM back JOIN payments_refund refund ON refund.sale_return_id = back.id
        JOIN payments_posting posting ON posting.kind = 'refund_owed'
            AND posting.reference = refund.id::text
        JOIN payments_entry entry ON entry.posting_id = posting.id
        JOIN payments_account account ON account.id = entry.account_id
            AND account.kind = 'merchant_payable'
        GROUP BY 1
        UNION ALL
        SELECT shift_id, 'given back by gift_card', sum(entry.amount)
        FROM back JOIN payments_gift_card_booking booking ON booking.sale_return_id = back.id
            AND booking.kind = 'refunded'
        JOIN payments_posting posting ON posting.kind = 'gift_card_refunded'
            AND posting.reference = booking.id::text
        JOIN payments_entry entry ON entry.posting_id = posting.id
        JOIN payments_account account ON account.id = entry.account_id
            AND account.kind = 'gift_card'
        GROUP BY 1
    )
    SELECT 'shift ' || shift_id || ', ' || book || ': its totals say ' || coalesce(said.amount, 0)
        || ', the books ' || coalesce(booked.amount, 0)
    FROM said FULL JOIN booked USING (shift_id, book)
    WHERE coalesce(said.amount, 0) <> coalesce(booked.amount, 0)
    UNION ALL
    SELECT 'shift ' || shift_id || ': its tenders paid ' || sum(paid) || ' of ' || sum(due)
    FROM (
        SELECT shift_id, due,
            (SELECT coalesce(sum(amount), 0) FROM trade_tender WHERE sale_id = sold.id) AS paid
        FROM sold
        UNION ALL
        SELECT shift_id, amount, (
            SELECT coalesce(sum(amount), 0) FROM trade_return_tender
            WHERE sale_return_id = back.id)
        FROM back
    ) AS paid GROUP BY shift_id HAVING sum(paid) <> sum(due)
"""
