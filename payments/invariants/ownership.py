"""What holds of bank accounts, their proofs, and payments at banks, beside ``invariants``."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("codes_pay_from_ready_accounts")
def codes_pay_from_ready_accounts() -> Proof:
    """Prove that an account is ready while it is on the list, proved and signed for; no longer."""
    return prove_none(
        rows="SELECT count(*) FROM payments_bank_account",
        breaches="""
            SELECT 'bank account ' || account.id || CASE WHEN account.ready_at IS NULL
                THEN ' is not ready, and may be' ELSE ' is ready, and may not be' END
            FROM payments_bank_account account
            WHERE (account.ready_at IS NOT NULL) <> (
                account.proved_at IS NOT NULL AND account.removed_at IS NULL
                AND EXISTS (SELECT FROM payments_mandate
                    WHERE bank_account_id = account.id AND state = 'active'))
        """,
    )


@invariant("proofs_are_booked")
def proofs_are_booked() -> Proof:
    """Prove that each cent that was sent is booked at OK's cost, once, and those that came back."""
    return prove_none(
        rows="SELECT count(*) FROM payments_ownership_proof",
        breaches="""
            SELECT coalesce(sent.kind, booked.kind) || ' '
                || coalesce(sent.reference, booked.reference) || ' is of '
                || coalesce(sent.amount, 0) || ' and booked are ' || coalesce(booked.amount, 0)
            FROM (
                SELECT 'proof_sent' AS kind, id::text AS reference, mode, house_account_id,
                    -1 AS amount
                FROM payments_ownership_proof WHERE outgoing_file_id IS NOT NULL
                UNION ALL
                SELECT 'proof_returned', id::text, mode, house_account_id, 1
                FROM payments_ownership_proof WHERE returned_on IS NOT NULL
            ) AS sent
            FULL JOIN (
                SELECT posting.kind, posting.reference, posting.mode,
                    account.owner_id AS house_account_id, sum(entry.amount) AS amount
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                    AND account.kind = 'proof_costs'
                WHERE posting.kind IN ('proof_sent', 'proof_returned')
                GROUP BY posting.id, account.owner_id
            ) AS booked ON (booked.kind, booked.reference, booked.mode)
                = (sent.kind, sent.reference, sent.mode)
            WHERE (sent.house_account_id, sent.amount)
                IS DISTINCT FROM (booked.house_account_id, booked.amount)
        """,
    )


@invariant("bank_payments_are_booked")
def bank_payments_are_booked() -> Proof:
    """Prove that what is completed at banks is booked and expected, once, and nothing else is."""
    return prove_none(
        rows="SELECT count(*) FROM payments_bank_payment",
        breaches="""
            SELECT coalesce(paid.kind, booked.kind) || ' '
                || coalesce(paid.reference, booked.reference) || ' is of '
                || coalesce(paid.amount, 0) || ' and booked are ' || coalesce(booked.amount, 0)
            FROM (
                SELECT 'bank_payment' AS kind, id::text AS reference, mode,
                    CASE purpose WHEN 'online' THEN 'shopper_prepaid'
                        ELSE 'shopper_receivable' END AS account, bank_account_id, amount
                FROM payments_bank_payment WHERE state = 'completed'
                UNION ALL
                SELECT 'bank_payment_returned', id::text, mode, 'shopper_receivable',
                    bank_account_id, -amount
                FROM payments_bank_payment WHERE returned_on IS NOT NULL
            ) AS paid
            FULL JOIN (
                SELECT posting.kind, posting.reference, posting.mode,
                    account.kind AS account, account.owner_id AS bank_account_id,
                    sum(entry.amount) AS amount
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                    AND account.kind IN ('shopper_receivable', 'shopper_prepaid')
                WHERE posting.kind IN ('bank_payment', 'bank_payment_returned')
                GROUP BY posting.id, account.kind, account.owner_id
            ) AS booked ON (booked.kind, booked.reference, booked.mode)
                = (paid.kind, paid.reference, paid.mode)
            WHERE (paid.account, paid.bank_account_id, paid.amount)
                IS DISTINCT FROM (booked.account, booked.bank_account_id, booked.amount)
            UNION ALL
            SELECT 'bank payment ' || payment.id || ' is ' || payment.state || ', and '
                || count(expectation.id) || ' lines are expected for it'
            FROM payments_bank_payment payment
            LEFT JOIN payments_expectation expectation ON expectation.kind = 'bank_payment'
                AND expectation.subject_id = payment.id
            GROUP BY payment.id
            HAVING count(expectation.id) <> CASE payment.state WHEN 'completed' THEN 1 ELSE 0 END
        """,
    )
