"""Write down what payments and refunds cost, and what a refund gives back of its payment's fee."""

from collections.abc import Sequence
from datetime import date

from okplatform.kernel.db import call, transaction_required
from payments.bookkeeping.vat import dated_rates

ACCRUE = "SELECT fees_accrue(%s, %s::date[], %s::int[])"
GIVE_BACK = "SELECT fees_give_back(%s, %s, %s, %s)"
HANDLE = "SELECT fees_accrue_handling(%s, %s::date[], %s::int[])"

REFUNDED = """
SELECT DISTINCT payment_id FROM payments_refund
WHERE sale_return_id = ANY(%s) AND attempt = 1 AND mode = 'live'
"""

# Of each, what was refunded of its payment in all up to it; most plans give nothing back.
GIVING = """
SELECT refund.payment_id, refund.id, (refund.refunded_at AT TIME ZONE 'Europe/Amsterdam')::date, (
    SELECT sum(earlier.amount)::bigint FROM payments_refund earlier
    WHERE earlier.payment_id = refund.payment_id AND earlier.attempt = 1
        AND earlier.id <= refund.id)
FROM payments_refund refund
JOIN payments_fee fee ON fee.subject_id = refund.payment_id AND fee.kind = 'payment'
JOIN payments_plan_price price ON price.id = fee.price_id AND price.returns_fees
WHERE refund.sale_return_id = ANY(%s) AND refund.attempt = 1 AND refund.mode = 'live'
ORDER BY refund.id
"""


@transaction_required
def accrue_fees(*, sale_ids: Sequence[int]) -> int:
    """Let the fees of these sales' live payments accrue; return how many were new.

    A part of what handles the sale's event, for a batch in one statement. Each accrues once, in
    1/100 cent, by the price and the VAT rate of the day of its payment; nothing is posted.
    """
    if not sale_ids:
        return 0
    days, rates = zip(*dated_rates(), strict=True)
    return int(call(ACCRUE, [list(sale_ids), list(days), list(rates)])[0][0])


@transaction_required
def accrue_refund_fees(*, return_ids: Sequence[int]) -> None:
    """Let what these returns' live refunds cost accrue, and what they give back.

    A part of what handles the event. A refund costs what the price of its day says, once, however
    often its transfer is tried.
    """
    if not return_ids:
        return
    # Two relays at work may bring a refund before its sale.
    accrue_fees(sale_ids=[row[0] for row in call(REFUNDED, [list(return_ids)])])
    days, rates = zip(*dated_rates(), strict=True)
    call(HANDLE, [list(return_ids), list(days), list(rates)])
    for sale_id, refund_id, day, refunded in call(GIVING, [list(return_ids)]):
        give_back_fee(sale_id=sale_id, refund_id=refund_id, refunded=refunded, day=day)


@transaction_required
def give_back_fee(*, sale_id: int, refund_id: int, refunded: int, day: date) -> int:
    """Give back what a refund takes of its payment's fee; return that in 1/100 cent, below zero.

    A part of what handles the refund. ``refunded`` is what was refunded of the payment in all, this
    refund included, in minor units. Nothing comes back unless the plan's price says so. The same
    refund again changes nothing.
    """
    accrue_fees(sale_ids=[sale_id])
    return int(call(GIVE_BACK, [sale_id, refund_id, refunded, day])[0][0])
