"""The rules by which an acquirer's lines find the card payments they settle, as SQL (pure).

By the number that the payment terminal gave, with the amount and about the day; else by amount and
day, if as many lines as sales have the same, so that it cannot matter which is which. What names
something never falls through to the weaker rule, and what is not certain stays open.
"""

WINDOW_DAYS = 7
"""Terminals count their payments from 0001 to 9999: the same number comes again."""

_NAMED = f"""
    tender.merchant_id = line.merchant_id AND tender.mode = line.mode
    AND tender.reference <> ''
    AND acquirer_reference(tender.reference) = acquirer_reference(line.reference)
    AND abs((tender.sold_at AT TIME ZONE %(zone)s)::date - line.booked_on) <= {WINDOW_DAYS}
"""

BY_REFERENCE = f"""
WITH pair AS (
    SELECT line.id AS line, tender.sale_id, tender.number,
        count(*) OVER (PARTITION BY line.id) AS choices,
        count(*) OVER (PARTITION BY tender.sale_id, tender.number) AS rivals
    FROM payments_acquirer_line line
    JOIN payments_external_tender tender ON {_NAMED}
    WHERE line.merchant_id = %(merchant)s AND line.mode = %(mode)s AND line.state = 'open'
        AND line.reference <> '' AND tender.state = 'open' AND tender.amount = line.amount
), settled AS (
    UPDATE payments_external_tender tender
    SET state = 'matched', rule = 'reference', line_id = pair.line
    FROM pair
    WHERE (tender.sale_id, tender.number) = (pair.sale_id, pair.number)
        AND pair.choices = 1 AND pair.rivals = 1
    RETURNING tender.line_id
)
UPDATE payments_acquirer_line line SET state = 'matched', rule = 'reference'
FROM settled WHERE line.id = settled.line_id
RETURNING 1
"""  # noqa: S608 -- numbers and words of ours

BY_AMOUNT_AND_DAY = f"""
WITH said AS (
    SELECT line.id, line.amount, line.booked_on AS day, line.reference,
        row_number() OVER (PARTITION BY line.amount, line.booked_on ORDER BY line.id) AS place,
        count(*) OVER (PARTITION BY line.amount, line.booked_on) AS many
    FROM payments_acquirer_line line
    WHERE line.merchant_id = %(merchant)s AND line.mode = %(mode)s AND line.state = 'open'
        AND line.amount > 0
        AND NOT EXISTS (
            SELECT FROM payments_external_tender tender WHERE line.reference <> '' AND {_NAMED})
), sold AS (
    SELECT tender.sale_id, tender.number, tender.amount, local.day, tender.reference,
        row_number() OVER (
            PARTITION BY tender.amount, local.day ORDER BY tender.sold_at, tender.sale_id
        ) AS place,
        count(*) OVER (PARTITION BY tender.amount, local.day) AS many
    FROM payments_external_tender tender
    CROSS JOIN LATERAL (SELECT (tender.sold_at AT TIME ZONE %(zone)s)::date AS day) AS local
    WHERE tender.merchant_id = %(merchant)s AND tender.mode = %(mode)s AND tender.state = 'open'
), settled AS (
    UPDATE payments_external_tender tender
    SET state = 'matched', rule = 'amount_day', line_id = said.id
    FROM said JOIN sold USING (amount, day, place, many)
    WHERE (tender.sale_id, tender.number) = (sold.sale_id, sold.number)
        AND (said.reference = '' OR sold.reference = '')
    RETURNING tender.line_id
)
UPDATE payments_acquirer_line line SET state = 'matched', rule = 'amount_day'
FROM settled WHERE line.id = settled.line_id
RETURNING 1
"""  # noqa: S608 -- numbers and words of ours
