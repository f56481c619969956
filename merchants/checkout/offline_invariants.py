"""What ``manage.py verify`` proves of sales that were made without a network."""

from okplatform.kernel.invariants import Proof, invariant, prove_none

ROWS = "SELECT count(*) FROM merchants_offline_sale"


@invariant("offline_sales_are_paid_or_lost")
def offline_sales_are_paid_or_lost() -> Proof:
    """Prove that what dark tills sold is paid or booked as a loss: each whole, once, and no more.

    Of a paid one the ledger has what its shopper owes, of a loss the merchant's own; per merchant
    the balance of losses is what its tills could not be paid.
    """
    return prove_none(
        rows=ROWS,
        breaches="""
            SELECT 'offline sale ' || dark.uuid || ' of ' || dark.amount || ' is a '
                || dark.booked_as || '; its sale is ' || coalesce(sale.state, 'not there')
                || ' with ' || coalesce(sale.due, 0) || ' due, paid are '
                || coalesce(taken.amount, 0) || ', lost ' || coalesce(lost.amount, 0)
            FROM merchants_offline_sale dark
            LEFT JOIN trade_sale sale ON sale.id = dark.sale_id
            LEFT JOIN payments_payment taken ON taken.sale_id = dark.sale_id
            LEFT JOIN LATERAL (
                SELECT -sum(entry.amount) AS amount FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                    AND account.kind = 'offline_losses' AND account.owner_id = dark.merchant_id
                WHERE posting.kind = 'offline_loss' AND posting.reference = dark.sale_id::text
                    AND posting.mode = dark.mode
            ) AS lost ON true
            WHERE (sale.state, sale.due, sale.uuid, sale.terminal_id)
                    IS DISTINCT FROM ('closed', dark.amount, dark.uuid, dark.terminal_id)
                OR (coalesce(taken.amount, 0), coalesce(lost.amount, 0)) IS DISTINCT FROM
                    CASE dark.booked_as WHEN 'paid' THEN (dark.amount, 0::numeric)
                        ELSE (0::bigint, dark.amount::numeric) END
            UNION ALL
            SELECT 'posting ' || posting.id || ' is a loss of no offline sale'
            FROM payments_posting posting WHERE posting.kind = 'offline_loss' AND NOT EXISTS (
                SELECT FROM merchants_offline_sale dark
                WHERE dark.sale_id::text = posting.reference AND dark.booked_as = 'loss')
        """,
    )


@invariant("offline_sales_keep_to_their_allowance")
def offline_sales_keep_to_their_allowance() -> Proof:
    """Prove that what is paid of one dark spell is within what the till had been promised."""
    return prove_none(
        rows=ROWS,
        breaches="""
            SELECT 'terminal ' || spell.terminal_id || ', dark since ' || spell.dark_since
                || ': ' || spell.amount || ' is paid of ' || coalesce(allowed.most_in_all, 0)
            FROM (
                SELECT terminal_id, mode, dark_since, sum(amount) AS amount,
                    max(amount) AS most, max(sold_at) AS latest
                FROM merchants_offline_sale WHERE booked_as = 'paid' GROUP BY 1, 2, 3
            ) AS spell
            LEFT JOIN LATERAL (
                SELECT most_per_sale, most_in_all, hours FROM merchants_offline_allowance
                WHERE terminal_id = spell.terminal_id AND mode = spell.mode
                    AND since <= spell.dark_since
                ORDER BY since DESC, id DESC LIMIT 1
            ) AS allowed ON true
            WHERE NOT coalesce(spell.amount <= allowed.most_in_all
                AND spell.most <= allowed.most_per_sale
                AND spell.latest <= spell.dark_since + allowed.hours * interval '1 hour', false)
        """,
    )
