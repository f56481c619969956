"""Leave a family's pool of points with one's own share."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.models import DrawKind, PoolAsk, PoolDraw
from loyalty.pools import Seat, Transfer, settlement
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope

HOLD = "SELECT loyalty_hold_pool(%s)"
POOL_OF = "SELECT pool_id FROM loyalty_member WHERE id = %s AND person_id = %s"
POOLS_OF = """
SELECT seat.pool_id, seat.member_id
FROM loyalty_pool_seat seat JOIN loyalty_member member ON member.id = seat.member_id
WHERE member.person_id = %s ORDER BY seat.pool_id
"""
STANDING = "SELECT member_id, points, lent FROM loyalty_pool_standing(%s)"
WHOSE = "SELECT merchant_id, mode FROM loyalty_pool WHERE id = %s"
DRAW = "SELECT loyalty_draw(%s, 'settled', %s, %s, %s, NULL, %s)"
UNSEAT = """
WITH gone AS (
    DELETE FROM loyalty_pool_seat WHERE pool_id = %(pool)s AND member_id = ANY(%(members)s)
    RETURNING member_id
)
UPDATE loyalty_member SET pool_id = NULL FROM gone WHERE id = gone.member_id
"""


class NotInPool(Refusal):
    """The member spends points with nobody."""

    code = "not_in_pool"
    sentence = _("You spend points together with nobody here.")


def leave_pool(*, person_id: int, member_id: int, actor: Actor, now: datetime) -> int:
    """Leave, and take along what one brought less what one took; return how many points one has.

    A pool with one member left ends. Raises ``NotInPool``.
    """
    with db.transaction(), operator_scope("a member leaves a family's pool"):
        rows = db.call(POOL_OF, (member_id, person_id))
        if not rows or rows[0][0] is None:
            raise NotInPool
        return _leave(rows[0][0], member_id, actor=actor, now=now)


@db.transaction_required
def leave_pools_of(*, person_id: int, actor: Actor, now: datetime) -> None:
    """Leave all pools, and let all questions go: a part of deleting the account."""
    with operator_scope("somebody who leaves OK leaves the family's pools"):
        for pool_id, member_id in db.call(POOLS_OF, (person_id,)):
            _leave(pool_id, member_id, actor=actor, now=now)
        PoolAsk.objects.filter(person_id=person_id).delete()


@db.transaction_required
def _leave(pool_id: int, member_id: int, *, actor: Actor, now: datetime) -> int:
    db.call(HOLD, (pool_id,))
    seats = [Seat(*row) for row in db.call(STANDING, (pool_id,))]
    own = [seat for seat in seats if seat.member_id == member_id]
    if not own:
        raise NotInPool
    ((merchant_id, mode),) = db.call(WHOSE, (pool_id,))
    moved = settlement(seats, member_id)
    for one in moved:
        if one.forgiven:
            _forgive(one, pool_id, merchant_id, mode, now)
        else:
            db.call(DRAW, (pool_id, one.giver, one.taker, one.points, now))
    left = [seat.member_id for seat in seats if seat.member_id != member_id]
    unseat(pool_id, [member_id, *(left if len(left) == 1 else ())])
    gained = sum(
        (1 if one.taker == member_id else -1) * one.points for one in moved if not one.forgiven
    )
    audit.record(
        actor=actor,
        action="pool_left",
        object_type="pool",
        object_id=pool_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"member_id": member_id, "settled": gained},
    )
    return own[0].points + gained


@db.transaction_required
def _forgive(one: Transfer, pool_id: int, merchant_id: int, mode: str, now: datetime) -> None:
    """Write down that what was owed is not there: nothing moves."""
    PoolDraw.objects.create(
        pool_id=pool_id,
        merchant_id=merchant_id,
        mode=mode,
        kind=DrawKind.FORGIVEN,
        giver_id=one.giver,
        taker_id=one.taker,
        points=one.points,
        drawn_at=now,
    )


@db.transaction_required
def unseat(pool_id: int, members: Sequence[int]) -> None:
    """Take members out of a pool that is held; what they had asked goes with them."""
    db.call(UNSEAT, {"pool": pool_id, "members": list(members)})
    PoolAsk.objects.filter(pool_id=pool_id, by_id__in=members).delete()
