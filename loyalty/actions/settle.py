"""Make a quote come true: book its points, and take what its offers gave from their budgets."""

from datetime import datetime

import orjson
import psycopg2
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from loyalty.engine import NearMiss, Settlement
from okplatform.kernel import db
from okplatform.kernel.errors import Refusal

SETTLE = """
SELECT loyalty_settle(
    %(sale_id)s, %(merchant_id)s, %(mode)s, %(now)s, %(member_id)s, %(milli)s, %(points)s,
    %(near_miss)s::jsonb, %(offers)s::bigint[], %(amounts)s::bigint[])
"""
EXHAUSTED, MOVED = "OK001", "OK002"


class QuoteOutdated(Refusal):
    """The quote can no longer be kept. Nothing is booked; quote the basket again."""


class OfferExhausted(QuoteOutdated):
    """A budget or the number of uses of ``offer_id`` has run out since the quote."""

    code = "offer_exhausted"
    sentence = _("An offer has just run out. Tell the customer the new amount and try again.")


class PointsMoved(QuoteOutdated):
    """Other sales of this member have used the carry on which the quoted points rest."""

    code = "points_moved"
    sentence = _("Another purchase has just changed this customer's points. Try again.")


@db.transaction_required
def settle(
    *, sale_id: int, merchant_id: int, mode: str, settlement: Settlement, now: datetime
) -> int | None:
    """Book what a quote promised and return the member's points; None without a member.

    A part of closing a sale, whose audit row and event tell of it. Booked once per sale, however
    often it is called. Raises ``OfferExhausted`` or ``PointsMoved``; the transaction (or the
    savepoint around this call) is then lost and must be left, so that nothing is half booked.
    """
    try:
        rows = db.call(
            SETTLE,
            {
                "sale_id": sale_id,
                "merchant_id": merchant_id,
                "mode": mode,
                "now": now,
                "member_id": settlement.member_id,
                "milli": settlement.milli,
                "points": settlement.points,
                "near_miss": _stored(settlement.near_miss),
                "offers": [given.offer_id for given in settlement.given],
                "amounts": [given.amount for given in settlement.given],
            },
        )
    except DatabaseError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error
    balance: int | None = rows[0][0]
    return balance


def _stored(near_miss: NearMiss | None) -> str | None:
    return orjson.dumps(near_miss.as_json()).decode() if near_miss else None


def _refusal(error: DatabaseError) -> QuoteOutdated | None:
    """Return what the function refused; None for any other error."""
    cause = error.__cause__
    if not isinstance(cause, psycopg2.Error):
        return None
    if cause.pgcode == MOVED:
        return PointsMoved()
    if cause.pgcode == EXHAUSTED:
        return OfferExhausted(offer_id=int(cause.diag.message_detail or 0))
    return None
