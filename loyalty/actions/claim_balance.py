"""Bring points along that another programme owed: for who proves that they are theirs."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.move_points import move_points
from loyalty.balance_files import plain_card, plain_email
from loyalty.balance_keys import key_of
from loyalty.models import MoveKind
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.queries import proved_address
from wallet.actions.count_guess import CodeThrottled, count_guess

MEMBER = """
SELECT id, merchant_id, mode FROM loyalty_member WHERE id = %s AND person_id = %s
"""
# Held by who comes first; who waited finds the move.
HOLD = """
SELECT waiting.id, waiting.points, waiting.ends_at
FROM loyalty_waiting_balance waiting
JOIN loyalty_balance_import source ON source.id = waiting.source_id AND source.state = 'done'
WHERE (waiting.merchant_id, waiting.mode) = (%(merchant)s, %(mode)s)
    AND (waiting.card_key = %(card)s OR waiting.email_key = %(email)s)
    AND waiting.move_id IS NULL AND waiting.forget_at > %(now)s
    AND coalesce(waiting.ends_at > %(now)s, true)
ORDER BY waiting.id FOR UPDATE OF waiting
"""
CLAIMED = "UPDATE loyalty_waiting_balance SET move_id = %s WHERE id = %s"


class NothingWaits(Refusal):
    """No points wait under this number or address, or somebody has claimed them."""

    code = "no_points_wait"
    status = 422
    sentence = _("No points wait under this number. Check it on your card, or ask the shop.")


class TooManyNumbers(Refusal):
    """Too many wrong card numbers."""

    code = "too_many_card_numbers"
    status = 429
    sentence = _("That were many numbers. Wait {minutes} minutes, with your card at hand.")


def claim_by_card(
    *, person_id: int, member_id: int, number: str, actor: Actor, now: datetime
) -> int:
    """Claim what waits under a card number; return the points.

    Each number counts as a guess before it is looked up, so that many at once find no more.
    Raises ``NothingWaits`` or ``TooManyNumbers``.
    """
    try:
        count_guess(till_key=f"person:{person_id}:balances", now=now)
    except CodeThrottled as refusal:
        minutes = -(-int(refusal.facts["retry_after"]) // 60)
        raise TooManyNumbers(minutes=minutes) from refusal
    with db.transaction():
        points = _claim(person_id, member_id, card=plain_card(number), actor=actor, now=now)
        if not points:
            raise NothingWaits
        return points


def claim_by_address(*, person_id: int, member_id: int, actor: Actor, now: datetime) -> int:
    """Claim what waits under the address that a person has proved; return the points, perhaps 0."""
    with db.transaction():
        return claim_for(person_id=person_id, member_id=member_id, actor=actor, now=now)


@db.transaction_required
def claim_for(*, person_id: int, member_id: int, actor: Actor, now: datetime) -> int:
    """Do that as a part of something larger."""
    address = proved_address(person_id)
    if address is None:
        return 0
    return _claim(person_id, member_id, email=plain_email(address), actor=actor, now=now)


@db.transaction_required
def _claim(
    person_id: int, member_id: int, *, card: str = "", email: str = "", actor: Actor, now: datetime
) -> int:
    rows = db.call(MEMBER, (member_id, person_id))
    if not rows:
        return 0
    _member, merchant_id, mode = rows[0]
    asked = {
        "merchant": merchant_id,
        "mode": mode,
        "card": key_of(merchant_id, "card", card),
        "email": key_of(merchant_id, "email", email),
        "now": now,
    }
    claimed = 0
    for waiting_id, points, ends_at in db.call(HOLD, asked):
        move = move_points(
            member_id=member_id,
            kind=MoveKind.BROUGHT,
            points=points,
            words="",
            now=now,
            ends_at=ends_at,
        )
        db.call(CLAIMED, (move, waiting_id))
        claimed += points
        audit.record(
            actor=actor,
            action="balance_claimed",
            object_type="member",
            object_id=member_id,
            merchant_id=merchant_id,
            mode=mode,
            data={"points": points},
        )
    return claimed
