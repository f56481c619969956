"""The proofs of refunds."""

from okplatform.kernel.invariants import Proof, invariant, prove_none

REFUNDS = "SELECT count(*) FROM payments_refund"
# What each refund must have booked: which account gave what to which.
STEPS = """
    SELECT 'refund_owed' AS kind, id, mode, 'merchant_payable' AS giver,
        merchant_id AS giver_id, 'refunds_payable' AS taker,
        bank_account_id AS taker_id, amount
    FROM payments_refund WHERE attempt = 1 AND bank_payment_id IS NULL
    UNION ALL
    SELECT 'bank_payment_released', id, mode, 'shopper_prepaid', bank_account_id,
        'refunds_payable', bank_account_id, amount
    FROM payments_refund WHERE attempt = 1 AND bank_payment_id IS NOT NULL
    UNION ALL
    SELECT 'refund_set_off', id, mode, 'refunds_payable', bank_account_id,
        'shopper_receivable', bank_account_id, amount
    FROM payments_refund WHERE state = 'set_off'
    UNION ALL
    SELECT 'refund_ordered', id, mode, 'refunds_payable', bank_account_id,
        'refunds_in_transit', house_account_id, amount
    FROM payments_refund WHERE state IN ('ordered', 'unknown', 'paid', 'returned')
    UNION ALL
    SELECT 'refund_returned', id, mode, 'refunds_in_transit', house_account_id,
        'refunds_payable', bank_account_id, amount
    FROM payments_refund WHERE state = 'returned'
    UNION ALL
    SELECT 'refund_elsewhere', refund.id, refund.mode, 'store_settlement',
        back.store_id, 'store_settlement', sale.store_id, refund.amount
    FROM payments_refund refund
    JOIN trade_return back ON back.id = refund.sale_return_id
    JOIN trade_sale sale ON sale.id = refund.payment_id
    WHERE refund.attempt = 1 AND back.store_id <> sale.store_id
"""


@invariant("refunds_are_within_what_was_captured")
def refunds_are_within_what_was_captured() -> Proof:
    """Prove that no more goes back of a payment than was captured.

    And that the OK part of each return is one refund, in as many attempts as it took.
    """
    return prove_none(
        rows=REFUNDS,
        breaches="""
            SELECT 'payment of sale ' || payment.sale_id || ' of ' || payment.amount
                || ' is refunded by ' || refunded.amount
            FROM payments_payment payment
            JOIN (
                SELECT payment_id, sum(amount) AS amount FROM payments_refund
                WHERE state <> 'returned' GROUP BY payment_id
            ) AS refunded ON refunded.payment_id = payment.sale_id
            WHERE refunded.amount > payment.amount
            UNION ALL
            SELECT 'return ' || coalesce(asked.return_id, given.return_id) || ' gives '
                || coalesce(asked.amount, 0) || ' back by OK, its refund is '
                || coalesce(given.amount, 0)
            FROM (
                SELECT sale_return_id AS return_id, amount FROM trade_return_tender
                WHERE kind = 'ok'
            ) AS asked
            FULL JOIN (
                SELECT sale_return_id AS return_id, sum(amount) AS amount FROM payments_refund
                WHERE state <> 'returned' AND bank_payment_id IS NULL GROUP BY sale_return_id
            ) AS given ON given.return_id = asked.return_id
            WHERE asked.amount IS DISTINCT FROM given.amount
            UNION ALL
            SELECT refund.mode || ' refund ' || refund.id || ' goes to another person''s account'
            FROM payments_refund refund
            JOIN payments_bank_account paid ON paid.id = refund.bank_account_id
            JOIN payments_bank_account chosen ON chosen.id = refund.pay_to_id
            WHERE (paid.person_id, refund.mode) <> (chosen.person_id, chosen.mode)
        """,
    )


@invariant("refunds_are_booked")
def refunds_are_booked() -> Proof:
    """Prove that what was refunded is booked, each step once, and nothing else is.

    So what a shopper has coming by the ledger is what the table says is waiting.
    """
    return prove_none(
        rows=REFUNDS,
        breaches=f"""
            WITH step AS ({STEPS}), moved AS (
                SELECT kind, id::text AS reference, mode, giver AS account, giver_id AS owner,
                    -amount AS amount FROM step
                UNION ALL
                SELECT kind, id::text, mode, taker, taker_id, amount FROM step
            ), booked AS (
                SELECT posting.kind, posting.reference, posting.mode, account.kind AS account,
                    account.owner_id AS owner, entry.amount
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.kind IN ('refund_owed', 'refund_set_off', 'refund_ordered',
                    'refund_returned', 'refund_elsewhere', 'bank_payment_released')
            )
            SELECT 'refund ' || reference || ': ' || kind || ' of ' || amount || ' on ' || account
                || ' ' || owner || ' is not booked'
            FROM (TABLE moved EXCEPT ALL TABLE booked) AS missing
            UNION ALL
            SELECT 'refund ' || reference || ': ' || kind || ' of ' || amount || ' on ' || account
                || ' ' || owner || ' is booked and was not so'
            FROM (TABLE booked EXCEPT ALL TABLE moved) AS strange
        """,  # noqa: S608 -- both parts are ours
    )


@invariant("ordered_refunds_are_expected")
def ordered_refunds_are_expected() -> Proof:
    """Prove that each transfer of a refund is expected on our account, and stands as the bank said.

    Of events that wait in the outbox nothing is said.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_refund WHERE outgoing_file_id IS NOT NULL",
        breaches="""
            SELECT 'refund ' || coalesce(refund.id, expectation.subject_id) || ' is '
                || coalesce(refund.state, 'unknown') || ', its bank line is '
                || coalesce(expectation.state, 'not expected')
            FROM (SELECT * FROM payments_refund WHERE outgoing_file_id IS NOT NULL) AS refund
            FULL JOIN (SELECT * FROM payments_expectation WHERE kind = 'refund') AS expectation
                ON expectation.subject_id = refund.id
            WHERE ((refund.end_to_end_id, refund.house_account_id, -refund.amount)
                    IS DISTINCT FROM (expectation.end_to_end_id, expectation.house_account_id,
                        expectation.amount)
                OR CASE refund.state
                    WHEN 'ordered' THEN expectation.state <> 'open'
                    WHEN 'unknown' THEN expectation.state <> 'open'
                    WHEN 'paid' THEN expectation.state <> 'fulfilled'
                    ELSE expectation.state NOT IN ('returned', 'cancelled') END)
                AND NOT EXISTS (
                    SELECT FROM kernel_outboxitem item
                    WHERE item.aggregate_type = 'expectation'
                        AND item.aggregate_id = expectation.id::text)
        """,
    )
