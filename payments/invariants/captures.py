"""What holds of authorisations and their captures; ``manage.py verify`` proves it."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("captures_are_booked")
def captures_are_booked() -> Proof:
    """Prove that each captured part is booked once, and that parts make up what was captured.

    An authorisation that has ended left the payment of just that, or none where nothing was.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_authorisation",
        breaches="""
            SELECT 'sale ' || held.sale_id || ' has ' || held.captured || ' captured, in parts of '
                || coalesce(part.amount, 0) || ', and a payment of ' || coalesce(payment.amount, 0)
            FROM payments_authorisation held
            LEFT JOIN (
                SELECT sale_id, sum(amount) AS amount, count(*), max(number) AS last
                FROM payments_capture GROUP BY sale_id
            ) AS part ON part.sale_id = held.sale_id
            LEFT JOIN payments_payment payment ON payment.sale_id = held.sale_id
            WHERE (held.captured, held.parts, held.parts) IS DISTINCT FROM
                    (coalesce(part.amount, 0), coalesce(part.count, 0), coalesce(part.last, 0))
                OR coalesce(payment.amount, 0)
                    <> CASE WHEN held.ended_at IS NULL THEN 0 ELSE held.captured END
            UNION ALL
            SELECT 'part ' || coalesce(booked.reference, part.sale_id || '-' || part.number)
                || ' is of ' || coalesce(part.amount, 0) || ' and booked are '
                || coalesce(booked.amount, 0)
            FROM payments_capture part
            FULL JOIN (
                SELECT posting.reference, posting.mode, sum(entry.amount) AS amount
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                    AND account.kind = 'merchant_payable'
                WHERE posting.kind = 'part_captured' GROUP BY posting.id
            ) AS booked ON booked.reference = part.sale_id || '-' || part.number
            WHERE (part.amount, part.mode) IS DISTINCT FROM (booked.amount, booked.mode)
        """,
    )


@invariant("captures_are_guarded")
def captures_are_guarded() -> Proof:
    """Prove that PostgreSQL still refuses to change what was set aside or captured."""
    return prove_none(
        rows="SELECT count(*) FROM payments_authorisation",
        breaches="""
            SELECT guard.place || ' is not guarded by ' || guard.name
            FROM (VALUES
                ('payments_authorisation', 'authorisation_stays_as_promised'),
                ('payments_authorisation', 'authorisation_is_never_deleted'),
                ('payments_capture', 'capture_never_changes')
            ) AS guard (place, name)
            WHERE NOT EXISTS (
                SELECT FROM pg_trigger WHERE tgrelid = guard.place::regclass
                    AND tgname = guard.name AND tgenabled IN ('O', 'A')
            )
        """,
    )
