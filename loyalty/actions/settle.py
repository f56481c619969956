"""Make a quote come true: book its points, and take what its offers gave from their budgets."""

from datetime import datetime

import orjson
from django.utils.translation import gettext_lazy as _

from loyalty.engine import NearMiss, Settlement
from okplatform.kernel import db
from okplatform.kernel.errors import Refusal
from okplatform.kernel.later import Later

SETTLE = """loyalty_settle(
    %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::bigint[], %s::bigint[])
"""


class QuoteOutdated(Refusal):
    """The quote can no longer be kept. Nothing is booked; quote the basket again."""


class CouponTaken(QuoteOutdated):
    """Another sale has used a coupon up since the quote."""

    code = "coupon_taken"
    sentence = _("This coupon has just been used elsewhere. Leave it out and try again.")


class PersonHadOffer(QuoteOutdated):
    """Another sale of this member has used what one person gets of an offer."""

    code = "person_had_offer"
    sentence = _("Another purchase has just used this customer's part of an offer. Try again.")


class OfferExhausted(QuoteOutdated):
    """A budget or the number of uses of ``offer_id`` has run out since the quote."""

    code = "offer_exhausted"
    sentence = _("An offer has just run out. Tell the customer the new amount and try again.")


class PointsMoved(QuoteOutdated):
    """Other sales of this member have used the carry on which the quoted points rest."""

    code = "points_moved"
    sentence = _("Another purchase has just changed this customer's points. Try again.")


TAKE_COUPONS = """loyalty_take_coupons(
    %s, %s, %s, %s, %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
"""
COUNT_MEMBER = "loyalty_count_member(%s, %s, %s, %s, %s::bigint[], %s::bigint[])"
_REFUSALS = {
    "OK001": lambda offer: OfferExhausted(offer_id=int(offer or 0)),
    "OK002": lambda _detail: PointsMoved(),
}


@db.transaction_required
def settle(
    *, sale_id: int, merchant_id: int, mode: str, settlement: Settlement, now: datetime
) -> Later[int | None]:
    """Book what a quote promised; the value will be the member's points, None without a member.

    A part of closing a sale, whose audit row and event tell of it. Booked once per sale, however
    often it is called. The end of the transaction (or of the savepoint around this call) raises
    ``OfferExhausted``, ``PointsMoved``, ``CouponTaken`` or ``PersonHadOffer``, so that nothing is
    half booked.
    """
    if settlement.coupons or settlement.per_member:
        _take_own(sale_id, merchant_id, mode, settlement, now)
    return db.later(
        SETTLE,
        [
            sale_id,
            merchant_id,
            mode,
            now,
            settlement.member_id,
            settlement.milli,
            settlement.points,
            _stored(settlement.near_miss),
            [given.offer_id for given in settlement.given],
            [given.amount for given in settlement.given],
        ],
        refusals=_REFUSALS,
    )


@db.transaction_required
def _take_own(
    sale_id: int, merchant_id: int, mode: str, settlement: Settlement, now: datetime
) -> None:
    # Before the budgets that all tills want; returns take them in the same order.
    if settlement.coupons:
        columns = zip(*settlement.coupons, strict=True)
        db.later(
            TAKE_COUPONS,
            [sale_id, merchant_id, mode, now, *(list(column) for column in columns)],
            refusals={"OK004": lambda _coupon: CouponTaken()},
        )
    if settlement.per_member:
        offers = [given.offer_id for given in settlement.per_member]
        amounts = [given.amount for given in settlement.per_member]
        db.later(
            COUNT_MEMBER,
            [sale_id, merchant_id, mode, settlement.member_id, offers, amounts],
            refusals={"OK005": lambda _offer: PersonHadOffer()},
        )


def _stored(near_miss: NearMiss | None) -> str | None:
    return orjson.dumps(near_miss.as_json()).decode() if near_miss else None
