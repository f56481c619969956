"""The proofs of the books.

PostgreSQL refuses to break most of it in the first place. The proof is for the day that somebody
switched a trigger off, or restored a dump.
"""

from okplatform.kernel.invariants import Proof, invariant, prove_none

ENTRIES = "SELECT count(*) FROM payments_entry"


@invariant("postings_sum_to_zero")
def postings_sum_to_zero() -> Proof:
    """Prove that the entries of every posting sum to zero in each asset."""
    return prove_none(
        rows=ENTRIES,
        breaches="""
            SELECT 'posting ' || entry.posting_id || ' sums to ' || sum(entry.amount) || ' '
                || account.asset
            FROM payments_entry entry JOIN payments_account account ON account.id = entry.account_id
            GROUP BY entry.posting_id, account.asset HAVING sum(entry.amount) <> 0
        """,
    )


@invariant("postings_are_whole")
def postings_are_whole() -> Proof:
    """Prove that a posting has two entries or more, numbered from 1, of its own transaction."""
    return prove_none(
        rows="SELECT count(*) FROM payments_posting",
        breaches="""
            SELECT 'posting ' || coalesce(posting.id, lines.posting_id) || ' has '
                || coalesce(lines.count, 0) || ' entries'
                || CASE WHEN posting.id IS NULL THEN ' and is not there' ELSE '' END
            FROM payments_posting posting
            FULL JOIN (
                SELECT posting_id, count(*), min(number) AS first, max(number) AS last,
                    min(xid) AS xid, max(xid) AS last_xid
                FROM payments_entry GROUP BY posting_id
            ) AS lines ON lines.posting_id = posting.id
            WHERE posting.id IS NULL OR coalesce(lines.count, 0) < 2
                OR lines.first <> 1 OR lines.last <> lines.count
                OR lines.xid <> posting.xid OR lines.last_xid <> posting.xid
        """,
    )


@invariant("balances_are_their_entries")
def balances_are_their_entries() -> Proof:
    """Prove that balances are the sums of their entries up to their watermark, and none is missed.

    A watermark that this server has not reached comes from another one.
    """
    return prove_none(
        rows=ENTRIES,
        breaches="""
            SELECT 'account ' || account_id || ' has ' || folded || ' folded before ' || upto
                || ', its entries sum to ' || entries
                || CASE WHEN missed THEN ', and no fold will find the rest' ELSE '' END
            FROM (
                SELECT coalesce(balance.account_id, entry.account_id) AS account_id,
                    coalesce(balance.folded, 0) AS folded, coalesce(balance.upto, '0') AS upto,
                    coalesce(sum(entry.amount) FILTER (WHERE entry.xid < balance.upto), 0)
                        AS entries,
                    coalesce(bool_or(entry.xid >= coalesce(balance.upto, '0')
                        AND entry.xid < (SELECT upto FROM payments_fold)), false) AS missed
                FROM payments_balance balance
                FULL JOIN payments_entry entry ON entry.account_id = balance.account_id
                GROUP BY 1, 2, 3
            ) AS summed
            WHERE folded <> entries OR missed
            UNION ALL
            SELECT 'the balances come from another server: run manage.py rebuild_balances'
            FROM payments_fold WHERE upto > pg_snapshot_xmax(pg_current_snapshot())
        """,
    )


@invariant("floors_hold")
def floors_hold() -> Proof:
    """Prove that no account with a floor is below it."""
    return prove_none(
        rows="SELECT count(*) FROM payments_account WHERE floor IS NOT NULL",
        breaches="""
            SELECT 'account ' || account.id || ' has ' || held.amount || ', its floor is '
                || account.floor
            FROM payments_account account
            JOIN (
                SELECT account_id, sum(amount) AS amount FROM payments_entry GROUP BY account_id
            ) AS held ON held.account_id = account.id
            WHERE held.amount < account.floor
        """,
    )


@invariant("books_are_live_or_test")
def books_are_live_or_test() -> Proof:
    """Prove that a posting, its accounts, and a payment with all it touches, are of one mode."""
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM payments_entry) + (SELECT count(*) FROM payments_payment)
        """,
        breaches="""
            SELECT DISTINCT posting.mode || ' posting ' || posting.id || ' is on '
                || account.mode || ' account ' || account.id
            FROM payments_entry entry
            JOIN payments_posting posting ON posting.id = entry.posting_id
            JOIN payments_account account ON account.id = entry.account_id
            WHERE posting.mode <> account.mode
            UNION ALL
            SELECT payment.mode || ' payment of ' || sale.mode || ' sale ' || sale.id || ' from a '
                || account.mode || ' bank account'
            FROM payments_payment payment
            JOIN trade_sale sale ON sale.id = payment.sale_id
            JOIN payments_bank_account account ON account.id = payment.bank_account_id
            WHERE payment.mode <> sale.mode OR payment.mode <> account.mode
            UNION ALL
            SELECT account.mode || ' bank account ' || account.id || ' of a ' || person.mode
                || ' person'
            FROM payments_bank_account account
            JOIN parties_person person ON person.id = account.person_id
            WHERE account.mode <> person.mode
        """,
    )


@invariant("payments_are_booked")
def payments_are_booked() -> Proof:
    """Prove that the OK part of each sale is one payment, booked once, to the right accounts."""
    return prove_none(
        rows="SELECT count(*) FROM trade_tender WHERE kind = 'ok'",
        breaches="""
            SELECT 'sale ' || coalesce(payment.sale_id, tender.sale_id, booked.sale_id)
                || ' was paid ' || coalesce(tender.amount, 0) || ' with OK, its payment is '
                || coalesce(payment.amount, 0) || ' and booked are ' || coalesce(booked.amount, 0)
            FROM payments_payment payment
            FULL JOIN (
                SELECT sale_id, merchant_id, sum(amount) AS amount FROM trade_tender
                WHERE kind = 'ok' GROUP BY sale_id, merchant_id
            ) AS tender ON tender.sale_id = payment.sale_id
            FULL JOIN (
                SELECT split_part(posting.reference, '-', 1)::bigint AS sale_id,
                    sum(entry.amount) FILTER (WHERE account.kind = 'merchant_payable') AS amount,
                    max(account.owner_id) FILTER (WHERE account.kind = 'merchant_payable')
                        AS merchant_id,
                    max(account.owner_id) FILTER (WHERE account.kind IN
                        ('shopper_receivable', 'shopper_prepaid')) AS bank_account_id,
                    min(account.asset) AS asset
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.kind IN ('sale_paid', 'part_captured')
                GROUP BY split_part(posting.reference, '-', 1),
                    CASE posting.kind WHEN 'sale_paid' THEN posting.id END
            ) AS booked ON booked.sale_id = coalesce(payment.sale_id, tender.sale_id)
            WHERE ((payment.amount, payment.merchant_id) IS DISTINCT FROM
                    (tender.amount, tender.merchant_id)
                OR (payment.amount, payment.merchant_id, payment.bank_account_id, payment.currency)
                IS DISTINCT FROM
                    (booked.amount, booked.merchant_id, booked.bank_account_id, booked.asset))
                -- What is captured in parts becomes a payment in the end.
                AND NOT EXISTS (
                    SELECT FROM payments_authorisation held WHERE held.sale_id = booked.sale_id
                        AND held.ended_at IS NULL AND payment.sale_id IS NULL
                        AND tender.sale_id IS NULL)
        """,
    )


@invariant("ledger_is_guarded")
def ledger_is_guarded() -> Proof:
    """Prove that all stays as booked, entries have one door, and the coming month has its room."""
    return prove_none(
        rows="SELECT count(*) FROM pg_inherits WHERE inhparent = 'payments_entry'::regclass",
        breaches="""
            SELECT place.name || ' is not guarded by ' || guard.name
            FROM (
                SELECT 'payments_entry'::regclass
                UNION ALL
                SELECT inhrelid::regclass FROM pg_inherits
                WHERE inhparent = 'payments_entry'::regclass
            ) AS place (name)
            CROSS JOIN (VALUES ('entry_has_one_door'), ('entry_never_changes')) AS guard (name)
            WHERE NOT EXISTS (
                SELECT FROM pg_trigger
                WHERE tgrelid = place.name AND tgname = guard.name AND tgenabled IN ('O', 'A')
            )
            UNION ALL
            SELECT guard.place || ' is not guarded by ' || guard.name
            FROM (VALUES
                ('payments_posting', 'posting_never_changes'),
                ('payments_account', 'account_is_never_deleted'),
                ('payments_account', 'account_never_changes_hands'),
                ('payments_payment', 'payment_never_changes'),
                ('payments_house_account', 'house_account_is_never_deleted'),
                ('payments_house_account', 'house_account_keeps_its_number'),
                ('payments_bank_file', 'bank_file_never_changes'),
                ('payments_bank_statement', 'bank_statement_never_changes'),
                ('payments_bank_entry', 'bank_entry_is_never_deleted'),
                ('payments_bank_entry', 'bank_entry_stays_as_said'),
                ('payments_bank_entry', 'bank_entry_leaves_the_queue_once'),
                ('payments_match', 'match_never_changes'),
                ('payments_match', 'match_has_one_way_out'),
                ('payments_entry_decision', 'entry_decision_never_changes'),
                ('payments_expectation', 'expectation_is_never_deleted'),
                ('payments_expectation', 'expectation_stays_as_expected')
            ) AS guard (place, name)
            WHERE NOT EXISTS (
                SELECT FROM pg_trigger WHERE tgrelid = guard.place::regclass
                    AND tgname = guard.name AND tgenabled IN ('O', 'A')
            )
            UNION ALL
            SELECT 'the ledger has no room for ' || to_char(month.day, 'YYYY-MM')
            FROM (VALUES (now() AT TIME ZONE 'UTC'),
                (now() AT TIME ZONE 'UTC' + interval '1 month')) AS month (day)
            WHERE to_regclass('payments_entry_' || to_char(month.day, 'YYYY_MM')) IS NULL
        """,
    )
