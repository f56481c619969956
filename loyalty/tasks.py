"""Celery's way into loyalty; each task may run twice, or side by side."""

from celery import shared_task

from loyalty.actions.make_coupons import make_coupons
from loyalty.queries.coupons import series_in_making
from okplatform.kernel.audit import SYSTEM


@shared_task(name="loyalty.make_coupons", ignore_result=True, expires=5)
def make() -> None:
    """Make the codes that are asked for, each series to its end."""
    for series_id in series_in_making():
        while make_coupons(series_id=series_id, actor=SYSTEM):
            pass
