"""Write down what payments cost, and what a refund gives back of it."""

from collections.abc import Sequence
from datetime import date

from okplatform.kernel.db import call, transaction_required
from payments.bookkeeping.vat import dated_rates

ACCRUE = "SELECT fees_accrue(%s, %s::date[], %s::int[])"
GIVE_BACK = "SELECT fees_give_back(%s, %s, %s, %s)"


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
def give_back_fee(*, sale_id: int, refund_id: int, refunded: int, day: date) -> int:
    """Give back what a refund takes of its payment's fee; return that in 1/100 cent, below zero.

    A part of what handles the refund. ``refunded`` is what was refunded of the payment in all, this
    refund included, in minor units. Nothing comes back unless the plan's price says so. The same
    refund again changes nothing.
    """
    accrue_fees(sale_ids=[sale_id])
    return int(call(GIVE_BACK, [sale_id, refund_id, refunded, day])[0][0])
