"""Promise points to whoever joins."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.actions.rulebook import raise_version
from loyalty.engine import Texts
from loyalty.models import Programme
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTerms:
    """What a programme promises; ``milli_points_per_cent`` 10 is one point per euro."""

    name: str
    points_name: Texts
    milli_points_per_cent: int
    terms: Texts


def publish_programme(
    *, merchant_id: int, promise: ProgrammeTerms, actor: Actor, now: datetime
) -> int:
    """Publish the merchant's programme, or publish it anew with another promise; return its id.

    It is in force from the next quote on, paused or not before. Other terms get the next
    ``terms_version``; who joined before keeps the version accepted then. Its points are the asset
    ``points:<id>``.
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
    elif programme.terms != promise.terms._asdict():
        programme.terms_version += 1
    programme.name = promise.name
    programme.points_name = promise.points_name._asdict()
    programme.milli_points_per_cent = promise.milli_points_per_cent
    programme.terms = promise.terms._asdict()
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
        },
    )
    return int(programme.pk)
