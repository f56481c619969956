"""Give a programme its tiers."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.rulebook import raise_version
from loyalty.models import Programme
from loyalty.tiers import Ladder, Tier
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope


class TiersOutOfOrder(Refusal):
    """A tier takes no more than the one below it, or keeping it more than reaching it."""

    code = "tiers_out_of_order"
    status = 422
    sentence = _("Each tier has to take more than the one before it, and keeping it no more.")


class NoProgramme(Refusal):
    """Tiers are of a programme, and there is none."""

    code = "no_programme"
    sentence = _("Publish your programme first: tiers count its points.")


def publish_tiers(*, merchant_id: int, ladder: Ladder, actor: Actor, now: datetime) -> None:
    """Put these tiers, the lowest first, in force from the next quote on; none takes all away.

    Members are placed anew by ``review_tiers``. Raises ``TiersOutOfOrder`` or ``NoProgramme``, and
    then nothing has changed.
    """
    _refuse_disorder(ladder.tiers)
    with db.transaction(), merchant_scope(merchant_id):
        version = raise_version(merchant_id=merchant_id, now=now)
        programme = Programme.objects.select_for_update().first()
        if programme is None:
            raise NoProgramme
        programme.tiers = [tier.as_json() for tier in ladder.tiers]
        programme.tier_period = ladder.period
        programme.tier_basis = ladder.basis
        programme.tier_grace_days = ladder.grace_days
        programme.tiers_version += 1
        programme.tiers_laid_out = False
        programme.save()
        audit.record(
            actor=actor,
            action="tiers_published",
            object_type="programme",
            object_id=programme.pk,
            merchant_id=merchant_id,
            data={
                "version": version,
                "period": ladder.period,
                "basis": ladder.basis,
                "grace_days": ladder.grace_days,
                "tiers": [[tier.key, tier.threshold, tier.keep] for tier in ladder.tiers],
            },
        )


def _refuse_disorder(tiers: Sequence[Tier]) -> None:
    reached = 0
    for tier in tiers:
        if not reached < tier.threshold or not 0 <= tier.keep <= tier.threshold:
            raise TiersOutOfOrder
        reached = tier.threshold
