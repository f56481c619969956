"""What is cleaned up at night."""

from celery import shared_task

from okplatform.kernel.clock import now
from okplatform.parties.actions.forget_sessions import forget_sessions


@shared_task(name="parties.forget_sessions", ignore_result=True)
def forget() -> None:
    """Forget sessions whose time is over."""
    forget_sessions(now=now())
