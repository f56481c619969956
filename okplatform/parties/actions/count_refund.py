"""Count what a key or a till vendor gives back, against what it may."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.tills import RefundLimits

WHOLE = ""
"""Instead of a reference: all of them."""

# The limit is asked of the first of a day too, and of many at once by the row they wait for.
COUNT = """
INSERT INTO parties_refund_count AS counted (merchant_id, holder, day, reference, amount)
SELECT %(merchant)s, %(holder)s, %(day)s, %(reference)s, %(amount)s
WHERE %(most)s::bigint IS NULL OR %(amount)s <= %(most)s
ON CONFLICT (holder, day, reference) DO UPDATE SET amount = counted.amount + excluded.amount
    WHERE %(most)s::bigint IS NULL OR counted.amount + excluded.amount <= %(most)s
RETURNING amount
"""


class RefundLimitReached(Refusal):
    """More than ``most`` (minor units) a day: of this key or vendor, in all or for one reference.

    ``of`` is "day" or "reference".
    """

    code = "refund_limit_reached"
    sentence = _(
        "This till may give back no more today. Nothing was given back;"
        " do it in the console, or ask the owner for a higher limit."
    )


@transaction_required
def count_refund(
    *,
    merchant_id: int,
    limits: RefundLimits,
    reference: str,
    amount: int,
    timezone: str,
    now: datetime,
) -> None:
    """Count an amount on the store's day, as a part of giving it back.

    Raises ``RefundLimitReached``. What an earlier day gave back for a reference counts no more.
    """
    day = now.astimezone(ZoneInfo(timezone)).date()
    # Always in this order: two refunds never wait for each other's second row.
    for of, which, most in (
        ("day", WHOLE, limits.a_day),
        ("reference", reference, limits.a_reference),
    ):
        asked = {
            "merchant": merchant_id,
            "holder": limits.holder,
            "day": day,
            "reference": which,
            "amount": amount,
            "most": most,
        }
        if not call(COUNT, asked):
            raise RefundLimitReached(of=of, most=most)
