"""Celery's way into the ledger's upkeep; each may run twice, or side by side."""

from celery import shared_task

from okplatform.kernel.clock import now
from payments.actions.fold_balances import fold_balances
from payments.actions.prepare_ledger import prepare_ledger


@shared_task(name="payments.fold_balances", ignore_result=True, expires=5)
def fold() -> None:
    """Fold what was booked since the last time."""
    fold_balances()


@shared_task(name="payments.prepare_ledger", ignore_result=True)
def prepare() -> None:
    """Open the ledger's coming months."""
    prepare_ledger(now=now())
