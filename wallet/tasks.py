"""Celery's way into the wallet's upkeep; each may run twice."""

from celery import shared_task

from okplatform.kernel import clock
from wallet.actions.forget_imports import forget_imports as forget


@shared_task(name="wallet.forget_imports", ignore_result=True)
def forget_imports() -> None:
    """Delete files of cards that waited for a day without a decision."""
    forget(now=clock.now())
