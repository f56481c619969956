"""Celery's way into loyalty; each task may run twice, or side by side."""

from celery import shared_task

from loyalty.actions.activate_lots import activate_lots
from loyalty.actions.expire_lots import expire_lots
from loyalty.actions.lay_out_lots import lay_out_lots
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
