"""Celery's way into loyalty; each task may run twice, or side by side.

Replays take seconds: they run where webhooks do, so that events do not wait for them.
"""

import structlog
from celery import shared_task
from django.urls import reverse

from loyalty.actions.activate_lots import activate_lots
from loyalty.actions.end_notices import end_notices
from loyalty.actions.expire_lots import expire_lots
from loyalty.actions.forget_balances import forget_balances
from loyalty.actions.lay_out_lots import lay_out_lots
from loyalty.actions.make_coupons import make_coupons
from loyalty.actions.place_members import review_tiers
from loyalty.actions.remind_of_points import remind_of_points
from loyalty.actions.replay_scheme import replay_scheme
from loyalty.actions.start_scheme import start_scheme
from loyalty.actions.start_spending import start_spending
from loyalty.actions.take_in_balances import take_in_balances
from loyalty.queries.balances import files_to_take_in
from loyalty.queries.coupons import series_in_making
from loyalty.queries.schemes import due_replays, due_schemes
from loyalty.queries.spending import due_spending
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import now
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope

log = structlog.get_logger(__name__)

REPLAYS_AT_ONCE = 20


@shared_task(name="loyalty.replay_schemes", ignore_result=True, expires=5)
def replay_schemes() -> None:
    """Let each draft that waits be tried on the past."""
    for replay_id in due_replays(now=now(), most=REPLAYS_AT_ONCE):
        replay.apply_async((replay_id,), expires=60)


@shared_task(name="loyalty.replay_scheme", ignore_result=True)
def replay(replay_id: int) -> None:
    """Try one; whoever comes second finds it taken."""
    replay_scheme(replay_id=replay_id, actor=SYSTEM, now=now())


@shared_task(name="loyalty.start_schemes", ignore_result=True, expires=15)
def start_schemes() -> None:
    """Bring versions into force whose time has come, and what points take off from then on."""
    moment = now()
    with operator_scope("schemes that begin"):
        merchants = due_schemes(now=moment)
    for merchant_id in merchants:
        try:
            start_scheme(merchant_id=merchant_id, actor=SYSTEM, now=moment)
        except Refusal:
            # It stays due, and its page says so; the others begin in time.
            log.exception("scheme_not_started", merchant_id=merchant_id)
    for merchant_id in due_spending(now=moment):
        start_spending(merchant_id=merchant_id, actor=SYSTEM, now=moment)


@shared_task(name="loyalty.turn_lots", ignore_result=True, expires=60)
def turn_lots() -> None:
    """Let points count, and end, whose time has come."""
    moment = now()
    activate_lots(now=moment)
    expire_lots(now=moment)


@shared_task(name="loyalty.lay_out_lots", ignore_result=True, expires=60)
def lay_out() -> None:
    """Follow programmes that began, or ended, to let points wait or end."""
    lay_out_lots(now=now())


@shared_task(name="loyalty.review_tiers", ignore_result=True, expires=60)
def review() -> None:
    """Take tiers away whose time is over, and follow programmes that have other tiers."""
    review_tiers(now=now())


@shared_task(name="loyalty.remind", ignore_result=True, expires=600)
def remind() -> None:
    """Write down which points people are told of."""
    remind_of_points(
        page=lambda reference: reverse("loyalty:programme", kwargs={"reference": reference}),
        now=now(),
    )


@shared_task(name="loyalty.make_coupons", ignore_result=True, expires=5)
def make() -> None:
    """Make the codes that are asked for, each series to its end."""
    for series_id in series_in_making():
        while make_coupons(series_id=series_id, actor=SYSTEM):
            pass


@shared_task(name="loyalty.take_in_balances", ignore_result=True, expires=5)
def take_in() -> None:
    """Take in the files of balances that are asked for; whoever comes second finds them taken."""
    for file_id in files_to_take_in(now=now()):
        take_in_balances(file_id=file_id, actor=SYSTEM, now=now())


@shared_task(name="loyalty.forget_balances", ignore_result=True, expires=600)
def forget_what_waited() -> None:
    """Forget whose points waited too long."""
    forget_balances(now=now())


@shared_task(name="loyalty.end_notices", ignore_result=True, expires=600)
def end_what_was_shared() -> None:
    """Let shops out of their circles whose notice is over."""
    end_notices(now=now(), actor=SYSTEM)
