"""Ask somebody of the family to spend points together, and take such a question back."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.models import GiftTerms, PoolAsk, PoolSeat
from loyalty.models.pool import ASK_WAITS, MOST_SEATS
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope

OWN = "SELECT merchant_id, mode, pool_id FROM loyalty_member WHERE id = %s AND person_id = %s"
HOLD_MEMBER = "SELECT pool_id FROM loyalty_member WHERE id = %s FOR NO KEY UPDATE"
HOLD = "SELECT loyalty_hold_pool(%s)"
OPEN = """
INSERT INTO loyalty_pool (programme_id, merchant_id, mode, opened_at)
SELECT programme_id, merchant_id, mode, %(now)s FROM loyalty_member WHERE id = %(member)s
RETURNING id
"""
SIT = """
WITH seat AS (
    INSERT INTO loyalty_pool_seat (member_id, pool_id, merchant_id, mode, spends, joined_at)
    SELECT id, %(pool)s, merchant_id, mode, %(spends)s, %(now)s FROM loyalty_member
    WHERE id = %(member)s RETURNING member_id
)
UPDATE loyalty_member SET pool_id = %(pool)s FROM seat WHERE id = seat.member_id
"""
IS_IN = """
SELECT 1 FROM loyalty_pool_seat seat JOIN loyalty_member member ON member.id = seat.member_id
WHERE seat.pool_id = %s AND member.person_id = %s
"""
CLOSE = """
DELETE FROM loyalty_pool_ask ask USING loyalty_member by
WHERE ask.id = %(ask)s AND by.id = ask.by_id
    AND (ask.person_id = %(person)s OR by.person_id = %(person)s)
RETURNING ask.id, ask.merchant_id, ask.mode
"""


class NoPoolsHere(Refusal):
    """The merchant lets no family spend its points together, or who asks is no member."""

    code = "points_cannot_be_pooled"
    sentence = _("A family cannot spend points together here. Nothing was changed.")


class NotYoursToAsk(Refusal):
    """Only who has been in the pool longest asks others: the rest said yes to that person."""

    code = "pool_is_of_another"
    sentence = _("Only who began can ask others. Ask them to.")


class PoolFull(Refusal):
    """As many are in, or asked, as may."""

    code = "pool_is_full"
    sentence = _("No more people can spend points together.")


class AlreadyIn(Refusal):
    """Who is asked is in this pool."""

    code = "already_in_pool"
    sentence = _("You spend points together already.")


def ask_to_pool(
    *, person_id: int, member_id: int, asked: int, spends: bool, actor: Actor, now: datetime
) -> PoolAsk:
    """Ask a person to pool points, and begin the pool where there is none; return the question.

    ``asked`` is somebody the asker shares cards with: the caller has looked. With ``spends`` they
    may spend what others have, else they only bring. Asking again sets it anew. Raises
    ``NoPoolsHere``, ``NotYoursToAsk``, ``PoolFull`` or ``AlreadyIn``.
    """
    with db.transaction(), operator_scope("a member asks family to spend points together"):
        pool_id = _own_pool(person_id, member_id, now)
        seats = PoolSeat.objects.filter(pool_id=pool_id).order_by("joined_at", "member_id")
        sitting = list(seats.values_list("member_id", flat=True))
        if sitting[0] != member_id:
            raise NotYoursToAsk
        if db.call(IS_IN, (pool_id, asked)):
            raise AlreadyIn
        others = PoolAsk.objects.filter(pool_id=pool_id).exclude(person_id=asked)
        if len(sitting) + others.filter(ends_at__gt=now).count() >= MOST_SEATS:
            raise PoolFull
        own = PoolSeat.objects.get(pk=member_id)
        ask: PoolAsk
        ask, _made = PoolAsk.objects.update_or_create(
            pool_id=pool_id,
            person_id=asked,
            defaults={
                "merchant_id": own.merchant_id,
                "mode": own.mode,
                "by_id": member_id,
                "spends": spends,
                "asked_at": now,
                "ends_at": now + ASK_WAITS,
            },
        )
        audit.record(
            actor=actor,
            action="pool_asked",
            object_type="pool",
            object_id=pool_id,
            merchant_id=own.merchant_id,
            mode=own.mode,
            data={"spends": spends},
        )
        return ask


def close_ask(*, person_id: int, ask_id: int, actor: Actor) -> bool:
    """Decline a question, or take one's own back; return whether it was still there."""
    with db.transaction():
        rows = db.call(CLOSE, {"ask": ask_id, "person": person_id})
        for found, merchant_id, mode in rows:
            audit.record(
                actor=actor,
                action="pool_ask_closed",
                object_type="pool_ask",
                object_id=found,
                merchant_id=merchant_id,
                mode=mode,
            )
    return bool(rows)


@db.transaction_required
def _own_pool(person_id: int, member_id: int, now: datetime) -> int:
    """Return the member's pool, held; one that begins now where there was none."""
    rows = db.call(OWN, (member_id, person_id))
    if not rows or not GiftTerms.objects.filter(merchant_id=rows[0][0], families=True).exists():
        raise NoPoolsHere
    if rows[0][2] is not None:
        db.call(HOLD, (rows[0][2],))
        if PoolSeat.objects.filter(pk=member_id, pool_id=rows[0][2]).exists():
            return int(rows[0][2])
    ((pool_id,),) = db.call(HOLD_MEMBER, (member_id,))
    if pool_id is not None:
        # Another tap was first: whoever asks once more finds the pool.
        raise NoPoolsHere
    ((opened,),) = db.call(OPEN, {"member": member_id, "now": now})
    db.call(SIT, {"member": member_id, "pool": opened, "spends": True, "now": now})
    return int(opened)
