"""Move points without a sale: a row that says why, its posting, its lot, and word to the member."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.events import PointsMoved
from loyalty.models import MoveKind
from okplatform.kernel import db, events
from okplatform.kernel.errors import Refusal

MOVE = "loyalty_move_points(%s, %s, %s, %s, %s, %s)"
WHOSE = "SELECT merchant_id, person_id, mode FROM loyalty_member WHERE id = %s"


class NotEnoughPoints(Refusal):
    """The member can spend fewer points than are to be taken."""

    code = "not_enough_points"
    sentence = _("There are not so many points that count. Nothing was changed.")


@db.transaction_required
def move_points(
    *,
    member_id: int,
    kind: MoveKind,
    points: int,
    words: str,
    now: datetime,
    ends_at: datetime | None = None,
) -> int:
    """Give a member points, or take some (below zero), as a part of what says why; return the move.

    Points of who keeps lots end at ``ends_at``, or as the programme says now. Raises
    ``NotEnoughPoints``; the transaction can then only be rolled back.
    """
    said = [member_id, kind.value, points, words, ends_at, now]
    move: int = db.later(MOVE, said, refusals={"OK131": lambda _detail: NotEnoughPoints()}).value
    announce(move, member_id, kind, points, now=now)
    return move


@db.transaction_required
def announce(move: int, member_id: int, kind: MoveKind, points: int, *, now: datetime) -> None:
    """Publish what has just moved, for the member's phone to tell."""
    merchant_id, person_id, mode = db.call(WHOSE, (member_id,))[0]
    moved = PointsMoved(
        move_id=move,
        member_id=member_id,
        merchant_id=merchant_id,
        person_id=person_id,
        kind=kind.value,
        points=points,
    )
    events.publish(moved, now=now, merchant_id=merchant_id, mode=mode)
