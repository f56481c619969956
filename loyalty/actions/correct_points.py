"""Correct a member's points: give some or take some, for a reason that the member reads."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from loyalty.actions.move_points import move_points
from loyalty.models import Correction, CorrectionState, CorrectionTerms, Member, MoveKind
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope

ALONE_UP_TO = 500
"""How many points one person corrects alone where the merchant said nothing else."""
ALONE_WITHIN = timedelta(days=30)
"""Small ones add up over this time, or a large one would only have to be cut in pieces."""
WAITS = timedelta(days=7)
MOST_POINTS = 10_000_000

# Held, so that two corrections at once are not both counted as the first.
HOLD = "SELECT id FROM loyalty_member WHERE id = %s FOR NO KEY UPDATE"
ALONE = """
SELECT coalesce(sum(abs(points)), 0)::bigint FROM loyalty_correction
WHERE member_id = %(member)s AND asked_by_id = %(person)s AND asked_at > %(since)s
    AND state = 'booked' AND NOT needs_second
"""


class MemberUnknown(Refusal):
    """There is no such member here."""

    code = "member_unknown"
    status = 404
    sentence = _("This customer is no member of your programme. Nothing was changed.")


def correct_points(
    *,
    merchant_id: int,
    member_id: int,
    points: int,
    reason: str,
    asked_by: int,
    actor: Actor,
    now: datetime,
) -> Correction:
    """Give a member points, or take some (below zero), and return what became of it.

    It is booked at once, or waits for a second person (``decide_correction``) where ``asked_by``, a
    person's id, has corrected more of this member than one may alone. Raises ``MemberUnknown`` or
    ``NotEnoughPoints``, and then nothing has changed.
    """
    with db.transaction(), merchant_scope(merchant_id):
        member = Member.objects.filter(pk=member_id, person__is_active=True).first()
        if member is None:
            raise MemberUnknown
        db.call(HOLD, (member_id,))
        asked = {"member": member_id, "person": asked_by, "since": now - ALONE_WITHIN}
        alone = int(db.call(ALONE, asked)[0][0])
        needs_second = alone + abs(points) > alone_up_to()
        move = None
        if not needs_second:
            move = move_points(
                member_id=member_id, kind=MoveKind.CORRECTED, points=points, words=reason, now=now
            )
        correction: Correction = Correction.objects.create(
            member=member,
            merchant_id=merchant_id,
            mode=member.mode,
            points=points,
            reason=reason,
            needs_second=needs_second,
            state=CorrectionState.WAITING if needs_second else CorrectionState.BOOKED,
            asked_by_id=asked_by,
            asked_at=now,
            ends_at=now + WAITS,
            move_id=move,
        )
        _record(correction, actor)
        return correction


def _record(correction: Correction, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="points_correction_asked" if correction.needs_second else "points_corrected",
        object_type="correction",
        object_id=correction.pk,
        merchant_id=correction.merchant_id,
        mode=correction.mode,
        data={"member_id": correction.member_id, "points": correction.points},
    )


def alone_up_to() -> int:
    """Return how many points one person corrects alone; the merchant's scope is open."""
    terms = CorrectionTerms.objects.first()
    return ALONE_UP_TO if terms is None else int(terms.alone_up_to)
