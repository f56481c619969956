"""Let the monthly fees of the months that are over accrue."""

from datetime import date

from okplatform.kernel.db import call, transaction
from payments.bookkeeping.vat import dated_rates

# The monthly fee is asked from who had the plan on the month's first day. A month that everybody
# slept through is asked with the next.
ACCRUE = """
INSERT INTO payments_fee
    (merchant_id, kind, subject_id, channel, price_id, amount, vat_rate_bp, accrued_on)
SELECT merchant.id, 'monthly', to_char(month, 'YYYYMM')::bigint, '', price.id, price.monthly,
    (SELECT rate FROM unnest(%(since)s::date[], %(rates)s::int[]) AS dated (since, rate)
     WHERE since <= month.last ORDER BY since DESC LIMIT 1), month.last
FROM generate_series(%(first)s::date - interval '2 months', %(first)s::date, '1 month')
    AS starts (month)
CROSS JOIN LATERAL (
    SELECT month::date AS first, (month + interval '1 month - 1 day')::date AS last
) AS month
JOIN parties_merchant merchant ON EXISTS (
    SELECT FROM payments_merchant_plan chosen
    WHERE chosen.merchant_id = merchant.id AND chosen.since <= month.first)
JOIN payments_plan_price price ON price.id = fees_price_on(merchant.id, month.first)
WHERE price.monthly > 0
ON CONFLICT (subject_id, kind, merchant_id) DO NOTHING
"""


def accrue_months(*, first_day: date) -> None:
    """Let the month that begins on a day accrue, and the two before it where they did not yet.

    Once each. It is the plan's own price on the month's first day, for whoever chose a plan.
    """
    days, rates = zip(*dated_rates(), strict=True)
    with transaction():
        call(ACCRUE, {"first": first_day, "since": list(days), "rates": list(rates)})
