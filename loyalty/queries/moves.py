"""What changed points other than sales: for the member, and for who corrected them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from loyalty.models import Correction, CorrectionState, Member, PointsMove
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale, SaleState

RECENT = timedelta(days=14)
"""How far back a receipt number is looked for: it has no index of its own."""


def latest_moves(member_ids: Collection[int], *, most: int | None = None) -> list[PointsMove]:
    """Return what moved these members' points without a sale, newest first."""
    with operator_scope("what moved somebody's points"):
        moves = PointsMove.objects.filter(member_id__in=member_ids).select_related("merchant")
        return list(moves.order_by("-moved_at", "-id")[:most])


def corrections_waiting(*, mode: str, now: datetime) -> list[Correction]:
    """Return what a second person has to decide on, the oldest first; the scope is open."""
    waiting = Correction.objects.filter(mode=mode, state=CorrectionState.WAITING, ends_at__gt=now)
    return list(waiting.select_related("asked_by").order_by("asked_at", "id"))


def corrections_past(*, mode: str, now: datetime, most: int) -> list[Correction]:
    """Return corrections that wait no more, newest first; the merchant's scope is open."""
    past = Correction.objects.filter(mode=mode).exclude(
        state=CorrectionState.WAITING, ends_at__gt=now
    )
    return list(past.select_related("asked_by", "decided_by").order_by("-asked_at", "-id")[:most])


def members_of_purchases(number: str, *, mode: str, now: datetime) -> set[int]:
    """Return the members who made the purchases of this number; the merchant's scope is open.

    A sale's own number (UUID) is found however old it is, a receipt number in the last two weeks.
    """
    closed = Sale.objects.filter(mode=mode, state=SaleState.CLOSED, person_id__isnull=False)
    try:
        closed = closed.filter(uuid=UUID(number))
    except ValueError:
        closed = closed.filter(reference=number, closed_at__gte=now - RECENT)
    people = list(closed.values_list("person_id", flat=True)[:2])
    return set(Member.objects.filter(person_id__in=people, mode=mode).values_list("pk", flat=True))


def member_of_person(person_id: int, *, mode: str) -> int | None:
    """Return who this person is in the merchant's programme; the merchant's scope is open."""
    found: Member | None = Member.objects.filter(person_id=person_id, mode=mode).first()
    return found.pk if found else None
