"""Make a quote come true: book its points, and take what its offers gave from their budgets."""

from datetime import datetime

import orjson
from django.utils.translation import gettext_lazy as _

from loyalty.engine import Connected, NearMiss, Settlement, Spending
from loyalty.events import MemberSaleClosed
from okplatform.kernel import db, events
from okplatform.kernel.errors import Refusal
from okplatform.kernel.later import Later

SETTLE = """loyalty_settle(
    %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::bigint[], %s::bigint[])
"""
SETTLE_SHARED = SETTLE.replace("loyalty_settle", "loyalty_settle_shared")


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


class StampCardMoved(QuoteOutdated):
    """Another sale of this member has used the stamps on which the quote rests."""

    code = "stamp_card_moved"
    sentence = _("Another purchase has just used this customer's stamp card. Try again.")


class BonusGone(QuoteOutdated):
    """Another sale of this member has given the bonus that the quote promised."""

    code = "bonus_gone"
    sentence = _("Another purchase has just brought this customer the bonus. Try again.")


class OfferExhausted(QuoteOutdated):
    """A budget or the number of uses of ``offer_id`` has run out since the quote."""

    code = "offer_exhausted"
    sentence = _("An offer has just run out. Tell the customer the new amount and try again.")


class PointsMoved(QuoteOutdated):
    """Other sales of this member have used the carry on which the quoted points rest."""

    code = "points_moved"
    sentence = _("Another purchase has just changed this customer's points. Try again.")


class PointsGone(QuoteOutdated):
    """The points, or the wish to spend them, went elsewhere since the quote."""

    code = "points_gone"
    sentence = _("The customer's points have just been used elsewhere. Ask again for the amount.")


TAKE_COUPONS = """loyalty_take_coupons(
    %s, %s, %s, %s, %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
"""
DRAW = "loyalty_draw_shared(%s, %s, %s, %s, %s, %s)"
DRAW_BACK = "loyalty_draw_back(%s, %s)"
SPEND = "loyalty_spend(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
SPEND_POOLED = SPEND.replace("loyalty_spend", "loyalty_spend_pooled")
COUNT_MEMBER = "loyalty_count_member(%s, %s, %s, %s, %s::bigint[], %s::bigint[])"
STAMP = "loyalty_stamp(%s, %s, %s, %s, %s, %s::jsonb)"
GIVE_BONUSES = """loyalty_give_bonuses(
    %s, %s, %s, %s, %s, %s::text[], %s::bigint[], %s::bigint[])
"""
KEEP_CONNECTED = "loyalty_keep_connected(%s, %s, %s, %s, %s, %s, %s)"
_REFUSALS = {
    "OK001": lambda offer: OfferExhausted(offer_id=int(offer or 0)),
    "OK002": lambda _detail: PointsMoved(),
}


@db.transaction_required
def settle(
    *,
    sale_id: int,
    merchant_id: int,
    mode: str,
    settlement: Settlement,
    now: datetime,
    hold: bool = False,
) -> Later[int | None]:
    """Book what a quote promised; the value will be the member's points, None without a member.

    A part of closing a sale, whose audit row and event tell of it. Booked once per sale, however
    often it is called. The end of the transaction (or of the savepoint around this call) raises
    ``OfferExhausted``, ``PointsMoved``, ``PointsGone``, ``CouponTaken``, ``PersonHadOffer``,
    ``StampCardMoved`` or ``BonusGone``, so that nothing is half booked. A ``hold`` sets points
    aside; settling again spends them.
    """
    if settlement.shares and settlement.spending is not None:
        # All members that a sale touches before all else, in one order.
        drawn = settlement.spending
        db.later(DRAW, [sale_id, merchant_id, mode, now, drawn.member_id, drawn.points])
    if settlement.has_own:
        _take_own(sale_id, merchant_id, mode, settlement, now)
    if settlement.spending is not None:
        _spend(sale_id, merchant_id, mode, settlement.spending, now, hold=hold)
        if settlement.shares and settlement.spending.unused:
            db.later(DRAW_BACK, [sale_id, now])
    if settlement.connected is not None:
        _tell_other(sale_id, merchant_id, mode, settlement.connected, now)
    return db.later(
        SETTLE_SHARED if settlement.shares else SETTLE,
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
    if settlement.stamped:
        stamped = orjson.dumps([list(card) for card in settlement.stamped]).decode()
        db.later(
            STAMP,
            [sale_id, merchant_id, mode, now, settlement.member_id, stamped],
            refusals={"OK031": lambda _card: StampCardMoved()},
        )
    if settlement.bonuses:
        columns = zip(*settlement.bonuses, strict=True)
        db.later(
            GIVE_BONUSES,
            [sale_id, merchant_id, mode, now, settlement.member_id, *map(list, columns)],
            refusals={"OK032": lambda _kind: BonusGone()},
        )


@db.transaction_required
def _spend(
    sale_id: int, merchant_id: int, mode: str, spending: Spending, now: datetime, *, hold: bool
) -> None:
    # The member before the budgets, as earning does.
    db.later(
        SPEND_POOLED if spending.pooled else SPEND,
        [
            sale_id,
            merchant_id,
            mode,
            now,
            spending.member_id,
            spending.points,
            spending.amount,
            spending.wish_id,
            spending.unused,
            hold,
            spending.reward_id,
        ],
        refusals={"OK016": lambda _detail: PointsGone()},
    )


@db.transaction_required
def _tell_other(
    sale_id: int, merchant_id: int, mode: str, connected: Connected, now: datetime
) -> None:
    """Let the merchant's own loyalty system hear of the sale, whether it had answered or not."""
    connector_id, member_id, state, given = connected
    db.later(KEEP_CONNECTED, [sale_id, merchant_id, mode, connector_id, member_id, state, given])
    told = MemberSaleClosed(member_id=member_id, merchant_id=merchant_id, sale_id=sale_id)
    events.publish(told, now=now, merchant_id=merchant_id, mode=mode)


def _stored(near_miss: NearMiss | None) -> str | None:
    return orjson.dumps(near_miss.as_json()).decode() if near_miss else None
