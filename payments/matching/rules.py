"""The rules by which a statement's lines find what they came for, as SQL over whole sets (pure).

A **pointer** says which expectation a line names, by the first rule that finds any: its end-to-end
id, its structured reference, a reference in its texts. Naming is not enough: a line is matched when
it **fits** exactly one of those it names, by its amount and by what is still to come. A line that
names something we know never falls through to a weaker rule, and what is not certain stays in the
work queue with suggestions.
"""

from payments.references import DIGITS, MEANS_THE_SAME, MIN_LENGTH

WINDOW_DAYS = 7
"""How far from the expected day a line may be booked that names nothing but an IBAN."""

BEGIN = """
CREATE TEMP TABLE match_line AS
SELECT id, house_account_id, mode, amount, currency, booked_on, end_to_end_id, batch_id, batch_size,
    upper(regexp_replace(structured, '[^A-Za-z0-9]', '', 'g')) AS structured, iban, reason,
    reason <> '' OR is_reversal AS is_return
FROM payments_bank_entry WHERE statement_id = %(statement)s AND state = 'queued';
ALTER TABLE match_line ADD PRIMARY KEY (id);
CREATE TEMP TABLE match_word (line bigint, digits text COLLATE "C", word text COLLATE "C");
CREATE TEMP TABLE match_pointer (line bigint, expectation bigint, rule text, rank int);
CREATE TEMP TABLE match_decision (
    line bigint, expectation bigint, amount bigint, rule text, is_return boolean);
CREATE TEMP TABLE match_told (
    expectation bigint, kind text, subject_id bigint, amount bigint, booked_on date,
    is_fulfilled boolean, is_returned boolean, reason text);
ANALYZE match_line
"""
END = "DROP TABLE match_line, match_word, match_pointer, match_decision, match_told"
BY_END_TO_END_ID = """
INSERT INTO match_pointer
SELECT line.id, expectation.id, 'end_to_end_id', 1
FROM match_line line
JOIN payments_expectation expectation
    ON (expectation.end_to_end_id, expectation.mode, expectation.house_account_id)
        = (line.end_to_end_id, line.mode, line.house_account_id)
WHERE line.end_to_end_id <> '';
ANALYZE match_pointer
"""

BY_STRUCTURED_REFERENCE = """
INSERT INTO match_pointer
SELECT line.id, expectation.id, 'structured', 2
FROM match_line line
JOIN payments_expectation expectation
    ON upper(regexp_replace(expectation.reference, '[^A-Za-z0-9]', '', 'g')) = line.structured
        AND expectation.reference <> ''
        AND (expectation.mode, expectation.house_account_id) = (line.mode, line.house_account_id)
WHERE line.structured <> ''
    AND NOT EXISTS (SELECT FROM match_pointer known WHERE known.line = line.id);
ANALYZE match_pointer
"""

# A page of texts in which a reference may stand.
TEXTS = """
SELECT line.id, entry.structured, entry.text, line.end_to_end_id
FROM match_line line JOIN payments_bank_entry entry ON entry.id = line.id
WHERE line.id > %(after)s AND NOT EXISTS (SELECT FROM match_pointer WHERE line = line.id)
ORDER BY line.id LIMIT %(limit)s
"""

_NORMALISED = "expectation.normalised_reference"
# A word within a longer one that is a reference too is only a piece of that.
BY_REFERENCE = f"""
ANALYZE match_word;
WITH found AS MATERIALIZED (
    SELECT line.id AS line, expectation.id AS expectation, match_word.word
    FROM match_word
    JOIN match_line line ON line.id = match_word.line
    JOIN payments_expectation expectation
        ON {DIGITS.format(normalised=_NORMALISED)} = match_word.digits
            AND {_NORMALISED} <> ''
            AND (expectation.mode, expectation.house_account_id)
                = (line.mode, line.house_account_id)
    WHERE length(replace({_NORMALISED}, ' ', '')) >= {MIN_LENGTH}
        AND {MEANS_THE_SAME.format(word="match_word.word", normalised=_NORMALISED)}
)
INSERT INTO match_pointer
SELECT DISTINCT found.line, found.expectation, 'reference', 3
FROM found WHERE NOT EXISTS (
    SELECT FROM found whole
    WHERE whole.line = found.line AND whole.expectation <> found.expectation
        AND length(whole.word) > length(found.word) AND strpos(whole.word, found.word) > 0);
ANALYZE match_pointer
"""  # noqa: S608 -- numbers and words of ours

# The first of several lines for one expectation fits, the others are doubles of it. A return names
# what came, or what it comes before.
FIT = """
INSERT INTO match_decision
SELECT line, expectation, amount, rule, is_return
FROM (
    SELECT pointer.line, pointer.expectation, line.amount, pointer.rule, line.is_return,
        count(*) OVER (PARTITION BY pointer.line) AS choices,
        row_number() OVER (
            PARTITION BY pointer.expectation, line.is_return ORDER BY pointer.rank, pointer.line
        ) AS place
    FROM match_pointer pointer
    JOIN match_line line ON line.id = pointer.line
    JOIN payments_expectation expectation ON expectation.id = pointer.expectation
    WHERE expectation.currency = line.currency AND CASE
        WHEN line.is_return THEN line.amount = -expectation.amount
            AND expectation.outstanding IN (0, expectation.amount)
            AND expectation.state IN ('open', 'fulfilled')
        ELSE line.amount = expectation.outstanding AND expectation.state <> 'cancelled' END
) AS fit
WHERE choices = 1 AND place = 1;
ANALYZE match_decision
"""

# Several lines that together are what is still to come of the one expectation that they name.
PARTS = """
INSERT INTO match_decision
SELECT line, expectation, amount, rule, false
FROM (
    SELECT pointer.line, pointer.expectation, line.amount, pointer.rule, expectation.outstanding,
        sum(line.amount) OVER (PARTITION BY pointer.expectation) AS total
    FROM match_pointer pointer
    JOIN match_line line ON line.id = pointer.line
    JOIN payments_expectation expectation ON expectation.id = pointer.expectation
    WHERE NOT line.is_return
        AND sign(line.amount) = sign(expectation.outstanding)
        AND expectation.currency = line.currency AND expectation.state <> 'cancelled'
        AND NOT EXISTS (
            SELECT FROM match_pointer other
            WHERE other.line = pointer.line AND other.expectation <> pointer.expectation)
        AND NOT EXISTS (SELECT FROM match_decision decided WHERE decided.line = pointer.line)
        AND NOT EXISTS (
            SELECT FROM match_decision decided
            WHERE decided.expectation = pointer.expectation AND NOT decided.is_return)
) AS part
WHERE total = outstanding;
ANALYZE match_decision
"""

# One line for a whole batch: all that is still to come of it, no more and no less.
BATCH = """
INSERT INTO match_decision
SELECT fit.line, expectation.id, expectation.outstanding, 'batch', false
FROM (
    SELECT line.id AS line, line.house_account_id, line.mode, line.batch_id,
        row_number() OVER (PARTITION BY line.batch_id ORDER BY line.id) AS place
    FROM match_line line
    JOIN payments_expectation expectation
        ON (expectation.house_account_id, expectation.batch_id, expectation.mode)
            = (line.house_account_id, line.batch_id, line.mode)
    WHERE line.batch_id <> '' AND NOT line.is_return
        AND expectation.batch_id <> '' AND expectation.outstanding <> 0
        AND expectation.state <> 'cancelled' AND expectation.currency = line.currency
        AND NOT EXISTS (SELECT FROM match_pointer pointer WHERE pointer.line = line.id)
        AND NOT EXISTS (
            SELECT FROM match_decision decided
            WHERE decided.expectation = expectation.id AND NOT decided.is_return)
    GROUP BY line.id
    HAVING sum(expectation.outstanding) = line.amount AND line.batch_size IN (1, count(*))
        AND min(expectation.kind) = max(expectation.kind)
) AS fit
JOIN payments_expectation expectation
    ON (expectation.house_account_id, expectation.batch_id, expectation.mode)
        = (fit.house_account_id, fit.batch_id, fit.mode)
WHERE fit.place = 1 AND expectation.batch_id <> '' AND expectation.outstanding <> 0
    AND expectation.state <> 'cancelled'
    AND NOT EXISTS (
        SELECT FROM match_decision decided
        WHERE decided.expectation = expectation.id AND NOT decided.is_return);
ANALYZE match_decision
"""

# Nothing is named at all: the only line from this IBAN that is the only amount expected from it.
# Step by step: the planner takes the whole for a few rows, and would compare all with all.
BY_AMOUNT_AND_IBAN = f"""
WITH nameless AS MATERIALIZED (
    SELECT line.* FROM match_line line
    WHERE line.iban <> '' AND NOT line.is_return
        AND NOT EXISTS (SELECT FROM match_pointer pointer WHERE pointer.line = line.id)
        AND NOT EXISTS (SELECT FROM match_decision decided WHERE decided.line = line.id)
        AND NOT EXISTS (
            SELECT FROM payments_expectation batch
            WHERE (batch.house_account_id, batch.batch_id) = (line.house_account_id, line.batch_id)
                AND batch.batch_id <> '')
), found AS MATERIALIZED (
    SELECT line.id AS line, expectation.id AS expectation, line.amount
    FROM nameless line
    JOIN payments_expectation expectation
        ON (expectation.house_account_id, expectation.iban, expectation.outstanding)
            = (line.house_account_id, line.iban, line.amount)
    WHERE expectation.outstanding <> 0 AND expectation.state = 'open'
        AND (expectation.mode, expectation.currency) = (line.mode, line.currency)
        AND abs(line.booked_on - expectation.due_on) <= {WINDOW_DAYS}
), taken AS MATERIALIZED (
    SELECT expectation FROM match_pointer UNION SELECT expectation FROM match_decision
), fit AS (
    SELECT found.*, count(*) OVER (PARTITION BY line) AS choices,
        count(*) OVER (PARTITION BY expectation) AS rivals
    FROM found WHERE expectation NOT IN (SELECT expectation FROM taken)
)
INSERT INTO match_decision
SELECT line, expectation, amount, 'amount_and_iban', false
FROM fit WHERE choices = 1 AND rivals = 1;
ANALYZE match_decision
"""  # noqa: S608 -- numbers and words of ours

RULES = (FIT, PARTS, BATCH, BY_AMOUNT_AND_IBAN)
