"""What holds of the books; ``manage.py verify`` proves it.

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
                    max(account.owner_id) FILTER (WHERE account.kind = 'shopper_receivable')
                        AS bank_account_id,
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


@invariant("statements_are_whole")
def statements_are_whole() -> Proof:
    """Prove that a bank statement has the lines that its foot names: none was lost or changed."""
    return prove_none(
        rows="SELECT count(*) FROM payments_bank_statement",
        breaches="""
            SELECT 'statement ' || statement.id || ' has ' || count(entry.id) || ' lines of '
                || coalesce(sum(entry.amount), 0) || ', its foot says ' || statement.lines || ' of '
                || statement.total
            FROM payments_bank_statement statement
            LEFT JOIN payments_bank_entry entry ON entry.statement_id = statement.id
            GROUP BY statement.id
            HAVING (count(entry.id), coalesce(sum(entry.amount), 0))
                <> (statement.lines, statement.total)
        """,
    )


@invariant("bank_lines_are_accounted_for")
def bank_lines_are_accounted_for() -> Proof:
    """Prove that every line of the bank is matched, in suspense or in the work queue.

    What left the queue is booked once, by its whole amount; what is queued, or announced only, is
    not booked at all.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_bank_entry",
        breaches="""
            SELECT 'entry ' || entry.id || ' is ' || entry.state || ', its account books '
                || account.statement_kind || ' and this is ' || statement.kind
            FROM payments_bank_entry entry
            JOIN payments_bank_statement statement ON statement.id = entry.statement_id
            JOIN payments_house_account account ON account.id = entry.house_account_id
            WHERE (entry.state = 'notice')
                <> (statement.kind <> account.statement_kind OR entry.amount = 0)
            UNION ALL
            SELECT 'entry ' || entry.id || ' of ' || entry.amount || ' is ' || entry.state
                || ', came for ' || coalesce(came.amount, 0) || ' and is booked by '
                || coalesce(booked.amount::text, 'nothing')
            FROM payments_bank_entry entry
            LEFT JOIN (
                SELECT entry_id, sum(amount) AS amount, count(*) FROM payments_match
                GROUP BY entry_id
            ) AS came ON came.entry_id = entry.id
            FULL JOIN (
                SELECT posting.reference::bigint AS entry_id, posting.mode, account.owner_id,
                    -sum(line.amount) AS amount
                FROM payments_posting posting
                JOIN payments_entry line ON line.posting_id = posting.id AND line.xid = posting.xid
                JOIN payments_account account ON account.id = line.account_id
                WHERE posting.kind = 'bank_line' AND account.kind = 'client_money'
                GROUP BY posting.id, account.owner_id
            ) AS booked ON booked.entry_id = entry.id
            WHERE entry.id IS NULL
                OR (entry.state IN ('queued', 'notice')) <> (booked.entry_id IS NULL)
                OR (entry.amount, entry.mode, entry.house_account_id)
                    <> (booked.amount, booked.mode, booked.owner_id)
                OR CASE entry.state
                    WHEN 'matched' THEN (came.amount, came.count) IS DISTINCT FROM (entry.amount, 1)
                    WHEN 'split' THEN came.count IS NULL
                    ELSE came.count IS NOT NULL END
        """,
    )


@invariant("banks_agree_with_the_ledger")
def banks_agree_with_the_ledger() -> Proof:
    """Prove that, for each account of ours, what the bank says it holds is what the ledger says.

    Its statements follow each other from 0, each opening where another closed, whatever the order
    in which they came; so they end at its balance. That is what the ledger has, and what still
    waits in the work queue.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_bank_statement",
        breaches="""
            SELECT account.iban || ' has no statement that closes at ' || gap.opening
            FROM payments_house_account account CROSS JOIN LATERAL (
                SELECT opening FROM payments_bank_statement
                WHERE house_account_id = account.id AND kind = account.statement_kind
                EXCEPT ALL (
                    SELECT closing FROM payments_bank_statement
                    WHERE house_account_id = account.id AND kind = account.statement_kind
                    UNION ALL SELECT 0)
            ) AS gap
            UNION ALL
            SELECT account.iban || ' holds ' || said.balance || ', of which ' || waiting.amount
                || ' in the work queue; the ledger has ' || -booked.bank
            FROM payments_house_account account CROSS JOIN LATERAL (
                SELECT coalesce(sum(closing - opening), 0) AS balance FROM payments_bank_statement
                WHERE house_account_id = account.id AND kind = account.statement_kind
            ) AS said CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount), 0) AS amount FROM payments_bank_entry
                WHERE house_account_id = account.id AND state = 'queued'
            ) AS waiting CROSS JOIN LATERAL (
                SELECT coalesce(sum(line.amount), 0) AS bank
                FROM payments_account held JOIN payments_entry line ON line.account_id = held.id
                WHERE held.owner_id = account.id AND held.kind = 'client_money'
            ) AS booked
            WHERE said.balance - waiting.amount <> -booked.bank
        """,
    )


@invariant("bank_lines_stand_where_they_belong")
def bank_lines_stand_where_they_belong() -> Proof:
    """Prove that what came is booked where it was in transit, and the rest to suspense."""
    return prove_none(
        rows="SELECT count(*) FROM payments_posting WHERE kind = 'bank_line'",
        breaches="""
            SELECT account.iban || ' has ' || coalesce(booked.amount, 0) || ' booked on '
                || place.kind || ', and ' || coalesce(came.amount, 0) || ' came for that'
            FROM payments_house_account account
            CROSS JOIN (VALUES ('collections_in_transit', 'collection'),
                ('payouts_in_transit', 'payout'), ('refunds_in_transit', 'refund'),
                ('proofs_in_transit', 'proof'), ('bank_payments_in_transit', 'bank_payment'),
                ('invoices_open', 'invoice'), ('suspense', 'nobody')) AS place (kind, expected)
            LEFT JOIN (
                SELECT held.owner_id, held.kind, sum(line.amount) AS amount
                FROM payments_posting posting
                JOIN payments_entry line ON line.posting_id = posting.id AND line.xid = posting.xid
                JOIN payments_account held ON held.id = line.account_id
                WHERE posting.kind IN ('bank_line', 'bank_line_rebooked')
                GROUP BY held.owner_id, held.kind
            ) AS booked ON (booked.owner_id, booked.kind) = (account.id, place.kind)
            LEFT JOIN (
                SELECT match.house_account_id, expectation.kind, sum(match.amount) AS amount
                FROM payments_match match
                JOIN payments_expectation expectation ON expectation.id = match.expectation_id
                GROUP BY match.house_account_id, expectation.kind
                UNION ALL
                SELECT entry.house_account_id, 'nobody', sum(entry.amount) - coalesce((
                    SELECT sum(amount) FROM payments_match
                    WHERE house_account_id = entry.house_account_id), 0)
                FROM payments_bank_entry entry WHERE entry.state NOT IN ('queued', 'notice')
                GROUP BY entry.house_account_id
            ) AS came ON (came.house_account_id, came.kind) = (account.id, place.expected)
            WHERE coalesce(booked.amount, 0) <> coalesce(came.amount, 0)
        """,
    )


@invariant("expectations_add_up")
def expectations_add_up() -> Proof:
    """Prove that what came for each expectation is its amount less what is outstanding.

    Fulfilled is all of it, returned has its return, and cancelled had nothing.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_expectation",
        breaches="""
            SELECT 'expectation ' || expectation.id || ' of ' || expectation.amount || ' is '
                || expectation.state || ' with ' || expectation.outstanding || ' outstanding; '
                || coalesce(came.amount, 0) || ' came, ' || coalesce(came.returned, 0)
                || ' was returned'
            FROM payments_expectation expectation
            LEFT JOIN (
                SELECT expectation_id, sum(amount) FILTER (WHERE NOT is_return) AS amount,
                    sum(amount) FILTER (WHERE is_return) AS returned
                FROM payments_match GROUP BY expectation_id
            ) AS came ON came.expectation_id = expectation.id
            WHERE coalesce(came.amount, 0) <> expectation.amount - expectation.outstanding
                OR coalesce(came.returned, 0)
                    <> CASE expectation.state WHEN 'returned' THEN -expectation.amount ELSE 0 END
                OR expectation.state = 'fulfilled' AND expectation.outstanding <> 0
                OR expectation.state = 'open' AND expectation.outstanding = 0
        """,
    )
