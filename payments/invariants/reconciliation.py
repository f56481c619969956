"""The proofs of bank lines: none is dropped or guessed, and the bank says what the ledger says."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


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
