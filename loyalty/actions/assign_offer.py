"""Give a personal offer to members, named by what they bought: a merchant knows no other number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from loyalty.actions.refusals import OfferUnknown
from loyalty.models import Offer
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope

MOST_PURCHASES = 10_000

FIND = """
SELECT asked.number, sale.id
FROM unnest(%(uuids)s::uuid[]) WITH ORDINALITY AS asked (uuid, number)
LEFT JOIN trade_sale sale ON sale.merchant_id = %(merchant)s AND sale.mode = 'live'
    AND sale.uuid = asked.uuid AND sale.state = 'closed'
ORDER BY asked.number
"""
# A member without the consent gets nothing, and nobody is told which one that was.
ASSIGN = """
INSERT INTO loyalty_assignment (member_id, offer_id, merchant_id, mode, assigned_at)
SELECT DISTINCT member.id, %(offer)s::bigint, member.merchant_id, member.mode, %(now)s::timestamptz
FROM trade_sale sale
JOIN loyalty_member member ON member.person_id = sale.person_id
    AND member.merchant_id = sale.merchant_id AND member.mode = sale.mode
JOIN wallet_consent consent ON consent.person_id = member.person_id
    AND consent.merchant_id = member.merchant_id
    AND consent.purpose = 'offers' AND consent.withdrawn_at IS NULL
WHERE sale.id = ANY(%(sales)s)
ON CONFLICT (member_id, offer_id) DO NOTHING
RETURNING member_id
"""


class OfferIsForEverybody(Refusal):
    """The offer is not a personal one."""

    code = "offer_is_not_personal"
    sentence = _("This offer is for everybody. First say in the offer that it is a personal one.")


class PurchaseUnknown(Refusal):
    """A line is no purchase of this merchant."""

    code = "purchase_unknown"
    status = 422
    sentence = _("Line {line}: “{text}” is no purchase of yours. Nobody was given anything.")


class PurchaseTwice(Refusal):
    """Two lines are the same purchase."""

    code = "purchase_twice"
    status = 422
    sentence = _("Line {line} is the purchase of line {first}. Nobody was given anything.")


class TooManyPurchases(Refusal):
    """More lines than are taken at once."""

    code = "too_many_purchases"
    status = 422
    sentence = _("That is more than {most} lines. Give it in parts. Nobody was given anything.")


@dataclass(frozen=True, slots=True)
class Given:
    """How many purchases were named, and how many members have the offer by them now, newly."""

    purchases: int
    members: int


def assign_offer(
    *, merchant_id: int, offer_id: int, purchases: Sequence[str], actor: Actor, now: datetime
) -> Given:
    """Give a personal offer to the members who made these purchases (their UUIDs, one a line).

    Only those who consent to personal offers get it, and it counts while they do. Raises
    ``OfferUnknown``, ``OfferIsForEverybody``, ``PurchaseUnknown``, ``PurchaseTwice`` or
    ``TooManyPurchases``, and then nobody was given anything.
    """
    lines = _read(purchases)
    with db.transaction(), merchant_scope(merchant_id):
        offer = Offer.objects.filter(pk=offer_id).first()
        if offer is None:
            raise OfferUnknown
        if not offer.assigned:
            raise OfferIsForEverybody
        sales = _found(merchant_id, lines)
        rows = db.call(ASSIGN, {"offer": offer_id, "sales": sales, "now": now})
        audit.record(
            actor=actor,
            action="offer_assigned",
            object_type="offer",
            object_id=offer_id,
            merchant_id=merchant_id,
            data={"purchases": len(sales), "members": len(rows)},
        )
        return Given(len(sales), len(rows))


def _read(purchases: Sequence[str]) -> dict[UUID, int]:
    """Return the purchases with their lines; empty ones are left out."""
    lines: dict[UUID, int] = {}
    for number, text in enumerate(purchases, start=1):
        if not text.strip():
            continue
        try:
            uuid = UUID(text.strip())
        except ValueError as error:
            raise PurchaseUnknown(line=number, text=text.strip()[:40]) from error
        if uuid in lines:
            raise PurchaseTwice(line=number, first=lines[uuid])
        lines[uuid] = number
    if len(lines) > MOST_PURCHASES:
        raise TooManyPurchases(most=MOST_PURCHASES)
    return lines


def _found(merchant_id: int, lines: dict[UUID, int]) -> list[int]:
    asked = [str(uuid) for uuid in lines]
    rows = db.call(FIND, {"uuids": asked, "merchant": merchant_id})
    for (_number, sale_id), uuid in zip(rows, lines, strict=True):
        if sale_id is None:
            raise PurchaseUnknown(line=lines[uuid], text=str(uuid))
    return [int(sale_id) for _number, sale_id in rows]
