"""Take points that another member gives: both hear of it, and they end when they would have."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from loyalty.actions.move_points import announce
from loyalty.models import MoveKind
from loyalty.models.gift import GIVEN_WITHIN
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal

WHO = """
SELECT gift.id, gift.giver_id, member.id
FROM loyalty_points_gift gift
JOIN loyalty_member giver ON giver.id = gift.giver_id
JOIN loyalty_member member ON (member.programme_id, member.mode, member.person_id)
    = (giver.programme_id, giver.mode, %(person)s)
WHERE gift.uuid = %(uuid)s
"""
# Both, in one order, before anything else: two who give to each other do not wait for each other.
HOLD = "SELECT id FROM loyalty_member WHERE id IN (%s, %s) ORDER BY id FOR NO KEY UPDATE"
STANDS = """
SELECT gift.points, gift.merchant_id, gift.mode,
    coalesce(terms.most_points, 0) - coalesce((
        SELECT -sum(move.points) FROM loyalty_points_move move
        WHERE move.member_id = gift.giver_id AND move.kind = 'given' AND move.moved_at > %(since)s
    ), 0)::bigint
FROM loyalty_points_gift gift
LEFT JOIN loyalty_gift_terms terms ON terms.merchant_id = gift.merchant_id
WHERE gift.id = %(gift)s AND gift.state = 'waiting' AND gift.ends_at > %(now)s
FOR UPDATE OF gift
"""
GIVE = "(SELECT array[given, received] FROM loyalty_give_points(%s, %s, %s, %s))"
TAKEN = """
UPDATE loyalty_points_gift SET state = 'given', given_id = %s, received_id = %s WHERE id = %s
"""


class GiftUnknown(Refusal):
    """It is not for this reader: no member, or the one who gives."""

    code = "gift_not_for_you"
    status = 404
    sentence = _("This gift is for another member of the programme. Join first, then open it.")


class GiftOver(Refusal):
    """Somebody took it, it was taken back, its week is over, or the points are not there."""

    code = "gift_is_over"
    sentence = _("This gift is not there any more. Ask who sent it.")


def take_gift(*, person_id: int, uuid: object, actor: Actor, now: datetime) -> int:
    """Take the points of a gift; return how many. The caller has seen its link.

    Raises ``GiftUnknown`` or ``GiftOver``, and then nothing has changed.
    """
    with db.transaction():
        rows = db.call(WHO, {"uuid": uuid, "person": person_id})
        if not rows or rows[0][1] == rows[0][2]:
            raise GiftUnknown
        gift_id, giver_id, member_id = rows[0]
        db.call(HOLD, (giver_id, member_id))
        since = now - GIVEN_WITHIN
        stands = db.call(STANDS, {"gift": gift_id, "now": now, "since": since})
        if not stands or stands[0][0] > stands[0][3]:
            raise GiftOver
        points, merchant_id, mode, _left = stands[0]
        given, received = _give(giver_id, member_id, points, now)
        db.call(TAKEN, (given, received, gift_id))
        announce(given, giver_id, MoveKind.GIVEN, -points, now=now)
        announce(received, member_id, MoveKind.RECEIVED, points, now=now)
        audit.record(
            actor=actor,
            action="points_gift_taken",
            object_type="points_gift",
            object_id=gift_id,
            merchant_id=merchant_id,
            mode=mode,
            data={"points": points, "from": giver_id, "to": member_id},
        )
        return int(points)


@db.transaction_required
def _give(giver_id: int, member_id: int, points: int, now: datetime) -> tuple[int, int]:
    said = [giver_id, member_id, points, now]
    moves: Any = db.later(GIVE, said, refusals={"OK131": lambda _detail: GiftOver()}).value
    return int(moves[0]), int(moves[1])
