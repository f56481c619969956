"""The spending terms that belong to a version of a scheme: a part of bringing it back."""

from datetime import datetime

from loyalty.actions.put_spending import SpendingPromise, put
from loyalty.models import SchemeVersion, SpendingVersion
from okplatform.kernel import db
from okplatform.kernel.audit import Actor


@db.transaction_required
def bring_spending_back(*, merchant_id: int, number: int, actor: Actor, now: datetime) -> None:
    """Put the terms that counted last while a version of the scheme was in force.

    Nothing happens where those count now, or nobody wrote down what counted then. The merchant's
    scope is open.
    """
    began = SpendingVersion.objects.filter(started_at__isnull=False)
    newest_first = began.order_by("-started_at", "-id")
    counts = newest_first.first()
    ended = _end_of(number)
    then = newest_first.filter(started_at__lt=ended).first() if ended else None
    if then is None or counts is None or then.terms == counts.terms:
        return
    promise = SpendingPromise(**then.terms)
    put(merchant_id=merchant_id, promise=promise, actor=actor, now=now, back_to=number)


@db.transaction_required
def _end_of(number: int) -> datetime | None:
    """Return when a version was in force last; None where it still is, or never was."""
    began = SchemeVersion.objects.filter(started_at__isnull=False).order_by("started_at", "number")
    moments = list(began.values_list("number", "started_at"))
    numbers = [one for one, _moment in moments]
    if number not in numbers or number == numbers[-1]:
        return None
    ended: datetime = moments[numbers.index(number) + 1][1]
    return ended
