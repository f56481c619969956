"""What follows from the decisions: matches, states, postings, events, and doubts (pure)."""

MOST_SUGGESTIONS = 5

COUNT = """
SELECT decided, lines - decided
FROM (SELECT count(*) AS lines FROM match_line) AS line,
    (SELECT count(DISTINCT line) AS decided FROM match_decision) AS decision
"""

TAKE_FROM_QUEUE = """
UPDATE payments_bank_entry entry
SET state = CASE WHEN decided.expectations = 1 THEN 'matched' ELSE 'split' END,
    rule = decided.rule, doubt = ''
FROM (
    SELECT line, count(*) AS expectations, min(rule) AS rule FROM match_decision GROUP BY line
) AS decided
WHERE entry.id = decided.line
"""

KEEP_MATCHES = """
INSERT INTO payments_match (entry_id, expectation_id, house_account_id, mode, amount, is_return)
SELECT line.id, decision.expectation, line.house_account_id, line.mode, decision.amount,
    decision.is_return
FROM match_decision decision JOIN match_line line ON line.id = decision.line
"""

SETTLE_EXPECTATIONS = """
WITH coming AS (
    SELECT decision.expectation,
        coalesce(sum(decision.amount) FILTER (WHERE NOT decision.is_return), 0)::bigint AS came,
        bool_or(decision.is_return) AS is_returned,
        coalesce(max(line.reason) FILTER (WHERE decision.is_return), '') AS reason,
        max(line.booked_on) AS booked_on
    FROM match_decision decision JOIN match_line line ON line.id = decision.line
    GROUP BY decision.expectation
), changed AS (
    UPDATE payments_expectation AS expectation
    SET outstanding = expectation.outstanding - coming.came,
        state = CASE
            WHEN coming.is_returned OR expectation.state = 'returned' THEN 'returned'
            WHEN expectation.outstanding = coming.came THEN 'fulfilled' ELSE 'open' END,
        reason = CASE WHEN coming.is_returned THEN left(coming.reason, 35)
            ELSE expectation.reason END,
        changed_at = %(now)s
    FROM coming WHERE expectation.id = coming.expectation
    RETURNING expectation.id, new.kind, new.subject_id, new.amount, coming.booked_on,
        old.state = 'open' AND new.outstanding = 0 AS is_fulfilled,
        coming.is_returned, new.reason
)
INSERT INTO match_told SELECT * FROM changed
"""

BOOK = """
SELECT ledger_transfer_many(%(posting_kind)s, min(line.mode), %(now)s,
    array_agg(line.id::text ORDER BY line.id), array_agg(%(bank)s::bigint),
    array_agg(transit.account ORDER BY line.id), array_agg(line.amount ORDER BY line.id))
FROM match_line line
JOIN (
    SELECT decision.line, min(expectation.kind) AS kind
    FROM match_decision decision
    JOIN payments_expectation expectation ON expectation.id = decision.expectation
    GROUP BY decision.line
) AS decided ON decided.line = line.id
JOIN unnest(%(kinds)s::text[], %(transit)s::bigint[]) AS transit (kind, account)
    ON transit.kind = decided.kind
HAVING count(*) > 0
"""

# Why a line stays in the queue, seen after the others have found theirs.
DOUBT = """
WITH named AS (
    SELECT pointer.line, count(*) AS expectations,
        bool_or(expectation.outstanding <> 0 AND expectation.state <> 'cancelled') AS is_awaited,
        bool_and(expectation.state = 'cancelled') AS is_cancelled
    FROM match_pointer pointer
    JOIN payments_expectation expectation ON expectation.id = pointer.expectation
    GROUP BY pointer.line
), doubted AS (
    SELECT line.id, CASE
        WHEN line.is_return THEN 'return_differs'
        WHEN named.is_cancelled THEN 'cancelled'
        WHEN named.is_awaited AND named.expectations > 1 THEN 'ambiguous'
        WHEN named.is_awaited THEN 'amount_differs'
        WHEN named.line IS NOT NULL THEN 'came_before'
        WHEN line.batch_id <> '' AND EXISTS (
            SELECT FROM payments_expectation batch
            WHERE (batch.house_account_id, batch.batch_id) = (line.house_account_id, line.batch_id)
                AND batch.batch_id <> '') THEN 'amount_differs'
        WHEN EXISTS (
            SELECT FROM payments_suggestion suggestion
            JOIN payments_expectation expectation ON expectation.id = suggestion.expectation_id
            WHERE suggestion.entry_id = line.id
                AND expectation.outstanding = line.amount) THEN 'ambiguous'
        ELSE 'unknown' END AS doubt
    FROM match_line line LEFT JOIN named ON named.line = line.id
    WHERE NOT EXISTS (SELECT FROM match_decision decision WHERE decision.line = line.id)
)
UPDATE payments_bank_entry entry SET doubt = doubted.doubt
FROM doubted WHERE entry.id = doubted.id AND entry.doubt <> doubted.doubt
"""

FORGET_SUGGESTIONS = """
DELETE FROM payments_suggestion USING match_line WHERE payments_suggestion.entry_id = match_line.id
"""

SUGGEST = f"""
INSERT INTO payments_suggestion (entry_id, rank, expectation_id, rule)
SELECT line, place, expectation, rule
FROM (
    SELECT line, expectation, rule, row_number() OVER (
        PARTITION BY line ORDER BY strength, is_settled, days, expectation) AS place
    FROM (
        SELECT DISTINCT ON (found.line, found.expectation)
            found.*, expectation.outstanding = 0 AS is_settled,
            abs(line.booked_on - expectation.due_on) AS days
        FROM (
            SELECT line, expectation, rule, rank AS strength FROM match_pointer
            UNION ALL
            SELECT line.id, batch.id, 'batch', 4
            FROM match_line line CROSS JOIN LATERAL (
                SELECT id FROM payments_expectation expectation
                WHERE (expectation.house_account_id, expectation.batch_id)
                        = (line.house_account_id, line.batch_id)
                    AND expectation.batch_id <> '' AND expectation.mode = line.mode
                ORDER BY expectation.outstanding = 0, id LIMIT {MOST_SUGGESTIONS}
            ) AS batch
            WHERE line.batch_id <> ''
            UNION ALL
            SELECT line.id, same.id, 'amount_and_iban', 5
            FROM match_line line CROSS JOIN LATERAL (
                SELECT id FROM payments_expectation expectation
                WHERE (expectation.house_account_id, expectation.iban)
                        = (line.house_account_id, line.iban)
                    AND expectation.outstanding <> 0 AND expectation.mode = line.mode
                    AND expectation.state <> 'cancelled'
                ORDER BY expectation.outstanding <> line.amount, id LIMIT {MOST_SUGGESTIONS}
            ) AS same
            WHERE line.iban <> ''
        ) AS found
        JOIN match_line line ON line.id = found.line
        JOIN payments_expectation expectation ON expectation.id = found.expectation
        WHERE NOT EXISTS (SELECT FROM match_decision decided WHERE decided.line = found.line)
        ORDER BY found.line, found.expectation, found.strength
    ) AS once
) AS ranked
WHERE place <= {MOST_SUGGESTIONS}
"""  # noqa: S608 -- numbers and words of ours

TELL = """
SELECT kernel_write_journal('[]', jsonb_agg(jsonb_build_object(
    'position', place, 'nth', 1, 'type', %(type)s, 'aggregate_type', %(aggregate_type)s,
    'aggregate_id', expectation::text, 'mode', %(mode)s, 'trace_id', %(trace_id)s,
    'occurred_at', %(now)s,
    'payload', jsonb_build_object(
        'expectation_id', expectation, 'kind', kind, 'subject_id', subject_id, 'amount', amount,
        'booked_on', to_char(booked_on, 'YYYY-MM-DD')) || {more}
)), %(subscribed)s::text[])
FROM (
    SELECT *, row_number() OVER (ORDER BY expectation) AS place FROM match_told WHERE {told}
) AS told
GROUP BY place / 10000
"""
TELL_FULFILLED = TELL.format(told="is_fulfilled", more="'{}'::jsonb")
TELL_RETURNED = TELL.format(told="is_returned", more="jsonb_build_object('reason', reason)")
