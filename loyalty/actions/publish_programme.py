"""Promise points to whoever joins."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.actions.rulebook import raise_version
from loyalty.engine import Texts
from loyalty.models import Expiry, Programme
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTerms:
    """What a programme promises; ``milli_points_per_cent`` 10 is one point per euro.

    See ``loyalty.models.Programme`` for ``pending_days``, ``expiry`` and its length.
    """

    name: str
    points_name: Texts
    milli_points_per_cent: int
    terms: Texts
    pending_days: int = 0
    expiry: Expiry = Expiry.NEVER
    expiry_length: int | None = None

    @property
    def keeps_lots(self) -> bool:
        """Say whether points have a day from which they count, or one on which they end."""
        return self.pending_days > 0 or self.expiry != Expiry.NEVER


def publish_programme(
    *, merchant_id: int, promise: ProgrammeTerms, actor: Actor, now: datetime
) -> int:
    """Publish the merchant's programme, or publish it anew with another promise; return its id.

    It is in force from the next quote on, paused or not before. Other terms get the next
    ``terms_version``; who joined before keeps the version accepted then. Its points are the asset
    ``points:<id>``. Lots keep the days they have; where the programme begins or ends to keep lots,
    ``lay_out_lots`` follows.
    """
    with db.transaction(), merchant_scope(merchant_id):
        return publish(merchant_id=merchant_id, promise=promise, actor=actor, now=now)


@db.transaction_required
def publish(*, merchant_id: int, promise: ProgrammeTerms, actor: Actor, now: datetime) -> int:
    """Do that as a part of something larger; the merchant's scope is open."""
    version = raise_version(merchant_id=merchant_id, now=now)
    programme = Programme.objects.filter(merchant_id=merchant_id).first()
    if programme is None:
        programme = Programme(merchant_id=merchant_id, terms_version=1)
    elif _terms(programme) != _promised(promise):
        programme.terms_version += 1
    if programme.pk and programme.keeps_lots != promise.keeps_lots:
        programme.lots_laid_out = False
    programme.name = promise.name
    programme.points_name = promise.points_name._asdict()
    programme.milli_points_per_cent = promise.milli_points_per_cent
    programme.terms, programme.pending_days, programme.expiry, programme.expiry_length = _promised(
        promise
    )
    programme.published_at = now
    programme.paused_at = None
    programme.save()
    audit.record(
        actor=actor,
        action="programme_published",
        object_type="programme",
        object_id=programme.pk,
        merchant_id=merchant_id,
        data={
            "version": version,
            "milli_points_per_cent": promise.milli_points_per_cent,
            "terms_version": programme.terms_version,
            "pending_days": programme.pending_days,
            "expiry": programme.expiry,
            "expiry_length": programme.expiry_length,
        },
    )
    return int(programme.pk)


_Terms = tuple[dict[str, str], int, str, int | None]


def _promised(promise: ProgrammeTerms) -> _Terms:
    """Return what a member accepts."""
    terms, days = promise.terms._asdict(), promise.pending_days
    return terms, days, promise.expiry.value, promise.expiry_length


def _terms(programme: Programme) -> _Terms:
    """Return what members accepted so far."""
    return programme.terms, programme.pending_days, programme.expiry, programme.expiry_length
