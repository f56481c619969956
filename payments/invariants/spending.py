"""What holds of limits and confirmations; ``manage.py verify`` proves it beside the ledger."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("limits_count_what_was_paid")
def limits_count_what_was_paid() -> Proof:
    """Prove that accounts' days and months hold what was spent since; persons' no less than theirs.

    All that was set aside counts, when it was.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_account_limit",
        breaches="""
            WITH paid AS (
                SELECT held.bank_account_id,
                    coalesce(sum(amount) FILTER (WHERE days.day = held.day), 0) AS day_spent,
                    coalesce(sum(amount) FILTER (
                        WHERE date_trunc('month', days.day)::date = held.month), 0) AS month_spent
                FROM payments_account_limit held
                LEFT JOIN (
                    SELECT bank_account_id, amount, captured_at AS spent_at
                    FROM payments_payment taken WHERE NOT EXISTS (
                        SELECT FROM payments_authorisation WHERE sale_id = taken.sale_id)
                    UNION ALL
                    SELECT bank_account_id, amount, authorised_at FROM payments_authorisation
                    WHERE bank_payment_id IS NULL -- what was paid at the bank was not lent
                ) AS payment
                    ON payment.bank_account_id = held.bank_account_id
                    AND payment.spent_at >= held.opened_at
                LEFT JOIN LATERAL (
                    SELECT (payment.spent_at AT TIME ZONE 'Europe/Amsterdam')::date AS day
                ) AS days ON true
                GROUP BY held.bank_account_id
            )
            SELECT 'bank account ' || held.bank_account_id || ' counts ' || held.day_spent || ' on '
                || held.day || ' and ' || held.month_spent || ' in its month, and paid '
                || paid.day_spent || ' and ' || paid.month_spent
            FROM payments_account_limit held JOIN paid USING (bank_account_id)
            WHERE held.day_spent < paid.day_spent OR held.month_spent < paid.month_spent
                OR held.unconfirmed < 0
            UNION ALL
            SELECT 'bank account ' || held.bank_account_id || ' has a limit and does not exist'
            FROM payments_account_limit held
            LEFT JOIN payments_bank_account account ON account.id = held.bank_account_id
            WHERE account.id IS NULL OR held.person_id <> account.person_id
            UNION ALL
            SELECT 'person ' || person.person_id || ' counts ' || person.day_spent || ' on '
                || person.day || ', the accounts ' || sum(held.day_spent)
            FROM payments_person_limit person
            JOIN payments_account_limit held
                ON held.person_id = person.person_id AND held.day = person.day
            GROUP BY person.person_id, person.day, person.day_spent
            HAVING person.day_spent < sum(held.day_spent)
        """,
    )


@invariant("confirmations_agree_with_sales")
def confirmations_agree_with_sales() -> Proof:
    """Prove that a question that waits has an open sale, and one that was captured its payment.

    The payment is the amount that was asked, from the account that was asked about.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_confirmation",
        breaches="""
            SELECT 'confirmation ' || asked.id || ' is ' || asked.state || ', its sale '
                || sale.state || ' and paid ' || coalesce(payment.amount, 0)
            FROM payments_confirmation asked
            JOIN trade_sale sale ON sale.id = asked.sale_id
            LEFT JOIN payments_payment payment ON payment.sale_id = asked.sale_id
            WHERE asked.state IN ('asked', 'authorised') AND sale.state <> 'open'
                OR asked.state = 'captured' AND (
                    sale.state <> 'closed'
                    OR (payment.amount, payment.bank_account_id)
                        IS DISTINCT FROM (asked.amount, asked.bank_account_id))
        """,
    )
