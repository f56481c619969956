"""The proofs of what shoppers paid at the bank for purchases."""

from okplatform.kernel.invariants import Proof, invariant, prove_none

ONLINE = "SELECT count(*) FROM payments_bank_payment WHERE purpose = 'online'"


@invariant("what_was_paid_at_the_bank_is_taken_or_back")
def what_was_paid_at_the_bank_is_taken_or_back() -> Proof:
    """Prove that each payment of a purchase is its sale's, or goes back, or in part both.

    All of it, once: what was captured and what goes back are what was paid, as soon as the sale is
    over. One that nobody has looked at yet is neither.
    """
    return prove_none(
        rows=ONLINE,
        breaches="""
            SELECT 'bank payment ' || paid.id || ' of ' || paid.amount || ' is '
                || CASE WHEN paid.allotted_at IS NULL THEN 'not ' ELSE '' END || 'allotted, '
                || coalesce(held.captured, 0) || ' of it is captured, and '
                || coalesce(back.amount, 0) || ' goes back'
            FROM payments_bank_payment paid
            LEFT JOIN payments_authorisation held ON held.bank_payment_id = paid.id
            LEFT JOIN (
                SELECT bank_payment_id, sum(amount) AS amount FROM payments_refund
                WHERE state <> 'returned' GROUP BY bank_payment_id
            ) AS back ON back.bank_payment_id = paid.id
            WHERE paid.purpose = 'online' AND CASE
                WHEN paid.allotted_at IS NULL
                    THEN held.sale_id IS NOT NULL OR back.amount IS NOT NULL
                WHEN held.sale_id IS NOT NULL AND held.ended_at IS NULL
                    THEN back.amount IS NOT NULL
                ELSE paid.amount <> coalesce(held.captured, 0) + coalesce(back.amount, 0) END
                OR (held.amount, held.bank_account_id, held.mode)
                    <> (paid.amount, paid.bank_account_id, paid.mode)
        """,
    )


@invariant("prepaid_is_what_waits")
def prepaid_is_what_waits() -> Proof:
    """Prove that the books hold, of each account, what was paid and neither taken nor given back.

    So nothing that was paid at the bank is ever collected: it never was a debt in the books.
    """
    return prove_none(
        rows=ONLINE,
        breaches="""
            SELECT coalesce(booked.mode, paid.mode) || ' bank account '
                || coalesce(booked.bank_account_id, paid.bank_account_id) || ' has '
                || coalesce(booked.amount, 0) || ' paid before by the books, and '
                || coalesce(paid.amount, 0) || ' by its payments'
            FROM (
                SELECT account.owner_id AS bank_account_id, account.mode,
                    sum(entry.amount) AS amount
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'shopper_prepaid' GROUP BY account.id
            ) AS booked
            FULL JOIN (
                SELECT paid.bank_account_id, paid.mode, sum(paid.amount - coalesce(
                    held.captured, 0) - coalesce(back.amount, 0)) AS amount
                FROM payments_bank_payment paid
                LEFT JOIN payments_authorisation held ON held.bank_payment_id = paid.id
                LEFT JOIN payments_refund back
                    ON back.bank_payment_id = paid.id AND back.attempt = 1
                WHERE paid.purpose = 'online' AND paid.state = 'completed'
                GROUP BY paid.bank_account_id, paid.mode
            ) AS paid ON (paid.bank_account_id, paid.mode) = (booked.bank_account_id, booked.mode)
            WHERE coalesce(booked.amount, 0) <> coalesce(paid.amount, 0)
        """,
    )
