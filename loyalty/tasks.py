"""Celery's way into loyalty; each task may run twice, or side by side."""

from celery import shared_task
from django.urls import reverse

from loyalty.actions.activate_lots import activate_lots
from loyalty.actions.expire_lots import expire_lots
from loyalty.actions.lay_out_lots import lay_out_lots
from loyalty.actions.remind_of_points import remind_of_points
from okplatform.kernel import clock


@shared_task(name="loyalty.turn_lots", ignore_result=True, expires=60)
def turn_lots() -> None:
    """Let points count, and end, whose time has come."""
    now = clock.now()
    activate_lots(now=now)
    expire_lots(now=now)


@shared_task(name="loyalty.lay_out_lots", ignore_result=True, expires=60)
def lay_out() -> None:
    """Follow programmes that began, or ended, to let points wait or end."""
    lay_out_lots(now=clock.now())


@shared_task(name="loyalty.remind", ignore_result=True, expires=600)
def remind() -> None:
    """Write down which points people are told of."""
    remind_of_points(
        page=lambda reference: reverse("loyalty:programme", kwargs={"reference": reference}),
        now=clock.now(),
    )
