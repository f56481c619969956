"""Offer points to whoever gets the link, and take such an offer back."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.models import GiftState, GiftTerms, Member, PointsGift
from loyalty.models.gift import MOST_OPEN, WAITS
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope

# Held, so that not one more is offered at the same moment.
HOLD = "SELECT id FROM loyalty_member WHERE id = %s AND person_id = %s FOR NO KEY UPDATE"
WITHDRAW = """
UPDATE loyalty_points_gift gift SET state = 'withdrawn'
FROM loyalty_member member
WHERE gift.uuid = %s AND gift.state = 'waiting' AND member.id = gift.giver_id
    AND member.person_id = %s
RETURNING gift.id, gift.merchant_id, gift.mode
"""


class NoGiftsHere(Refusal):
    """The merchant lets nobody give points away, or not so many at once."""

    code = "points_cannot_be_given"
    sentence = _("So many points cannot be given away here. Nothing was changed.")


class TooManyGifts(Refusal):
    """As many gifts wait as may."""

    code = "too_many_gifts_wait"
    sentence = _("Five gifts of yours wait already. Take one back first.")


def offer_gift(
    *, person_id: int, member_id: int, points: int, actor: Actor, now: datetime
) -> PointsGift:
    """Offer points, and return the gift; they stay the member's until somebody takes them.

    Raises ``NoGiftsHere`` or ``TooManyGifts``.
    """
    with db.transaction(), operator_scope("a member gives points away"):
        if not db.call(HOLD, (member_id, person_id)):
            raise NoGiftsHere
        member = Member.objects.get(pk=member_id)
        terms = GiftTerms.objects.filter(merchant_id=member.merchant_id).first()
        if terms is None or points > terms.most_points:
            raise NoGiftsHere
        waiting = PointsGift.objects.filter(
            giver_id=member_id, state=GiftState.WAITING, ends_at__gt=now
        )
        if waiting.count() >= MOST_OPEN:
            raise TooManyGifts
        gift: PointsGift = PointsGift.objects.create(
            giver_id=member_id,
            merchant_id=member.merchant_id,
            mode=member.mode,
            points=points,
            offered_at=now,
            ends_at=now + WAITS,
        )
        _record(gift.pk, member.merchant_id, member.mode, "points_offered", actor)
        return gift


def withdraw_gift(*, person_id: int, uuid: object, actor: Actor) -> bool:
    """Take a gift back that nobody took; return whether it was still there."""
    with db.transaction():
        rows = db.call(WITHDRAW, (uuid, person_id))
        for gift_id, merchant_id, mode in rows:
            _record(gift_id, merchant_id, mode, "points_offer_withdrawn", actor)
    return bool(rows)


def _record(gift_id: int, merchant_id: int, mode: str, action: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="points_gift",
        object_id=gift_id,
        merchant_id=merchant_id,
        mode=mode,
    )
