"""End a run: judge what was sold, and keep of it no more than the newest and the best."""

from datetime import datetime
from uuid import UUID

from merchants.magic import TEST
from merchants.models import TrainingRun
from merchants.training.judging import judge
from merchants.training.queries import happened_in, standings
from merchants.training.refusals import RunUnknown
from merchants.training.scenarios import SCENARIOS
from okplatform.kernel import audit
from okplatform.kernel.db import transaction
from okplatform.parties.tills import Till


def judge_run(*, till: Till, uuid: UUID, now: datetime) -> TrainingRun:
    """Return the run with its stars; asked again, it is as it was judged.

    Needs the merchant's scope. Raises ``RunUnknown`` where it is not this cashier's, or gone.
    """
    with transaction():
        mine = TrainingRun.objects.filter(membership_id=int(till.actor.id))
        run = mine.select_for_update(no_key=True).filter(uuid=uuid).first()
        if run is None:
            raise RunUnknown
        if run.ended_at is None:
            _judge(run, till, now)
    return run


def _judge(run: TrainingRun, till: Till, now: datetime) -> None:
    asked = SCENARIOS[run.scenario]
    run.stars, run.fault = judge(asked, happened_in(run, now=now))
    run.ended_at = now
    run.save(update_fields=["stars", "fault", "ended_at"])
    _forget_others(run, now)
    # Who did how well is kept once, in the run, and goes with the membership; not here, for good.
    audit.record(
        actor=till.actor,
        action="training_judged",
        object_type="training_run",
        object_id=run.pk,
        merchant_id=till.merchant_id,
        mode=TEST,
    )


def _forget_others(run: TrainingRun, now: datetime) -> None:
    same = TrainingRun.objects.filter(
        store_id=run.store_id,
        membership_id=run.membership_id,
        scenario=run.scenario,
        ended_at__isnull=False,
    )
    standing = standings(list(same), now=now)[run.store_id, run.membership_id][run.scenario]
    same.exclude(pk__in={standing.newest.pk, standing.best.pk}).delete()
