"""Say what a merchant's points take off, or that they cannot be spent."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.rulebook import raise_version
from loyalty.models import SpendingTerms, SpendingVersion
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.money import BASIS_POINTS
from okplatform.kernel.tenancy import merchant_scope


class SpendingTermsBroken(Refusal):
    """The numbers contradict each other."""

    code = "spending_terms_broken"
    status = 422
    sentence = _("A step is whole times the points of the rate, and the minimum is whole steps.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingPromise:
    """What points take off; see ``loyalty.models.SpendingTerms`` for each number."""

    points: int
    amount: int
    step: int
    minimum: int
    most_bp: int = BASIS_POINTS
    grace_days: int = 30
    is_on: bool = True

    @property
    def is_whole(self) -> bool:
        """Say whether steps and minimum fit the rate."""
        return not (self.step % self.points or self.minimum % self.step or not self.minimum)


def put_spending(
    *,
    merchant_id: int,
    promise: SpendingPromise,
    actor: Actor,
    now: datetime,
    starts_at: datetime | None = None,
) -> None:
    """Let points be spent on these terms, or no longer: from the next quote on, or ``starts_at``.

    They take the place of terms that waited. Points that members have stay theirs either way.
    Raises ``SpendingTermsBroken``.
    """
    if not promise.is_whole:
        raise SpendingTermsBroken
    with transaction(), merchant_scope(merchant_id):
        put(merchant_id=merchant_id, promise=promise, actor=actor, now=now, starts_at=starts_at)


@transaction_required
def put(
    *,
    merchant_id: int,
    promise: SpendingPromise,
    actor: Actor,
    now: datetime,
    starts_at: datetime | None = None,
    back_to: int | None = None,
) -> None:
    """Write the terms down, and put them in force unless they begin later; the scope is open."""
    at_once = starts_at is None or starts_at <= now
    # Who else puts terms, or begins those that wait, waits for the rulebook.
    version = raise_version(merchant_id=merchant_id, now=now)
    SpendingVersion.objects.filter(started_at=None).delete()
    SpendingVersion.objects.create(
        merchant_id=merchant_id,
        terms=asdict(promise),
        back_to=back_to,
        put_at=now,
        starts_at=now if at_once else starts_at,
        started_at=now if at_once else None,
    )
    if at_once:
        count(merchant_id=merchant_id, promise=promise, now=now)
    audit.record(
        actor=actor,
        action="spending_put",
        object_type="spending",
        object_id=merchant_id,
        merchant_id=merchant_id,
        data={
            "version": version,
            **asdict(promise),
            **({} if starts_at is None or at_once else {"starts_at": starts_at.isoformat()}),
            **({} if back_to is None else {"back_to": back_to}),
        },
    )


@transaction_required
def count(*, merchant_id: int, promise: SpendingPromise, now: datetime) -> None:
    """Let terms count from the next quote on; the rulebook is held, and the scope open."""
    SpendingTerms.objects.update_or_create(
        merchant_id=merchant_id, defaults={**asdict(promise), "changed_at": now}
    )
