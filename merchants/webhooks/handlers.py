"""Write down what merchants' endpoints are to be told."""

from collections.abc import Sequence
from typing import Any

from merchants.webhooks.actions.plan_deliveries import plan_deliveries
from merchants.webhooks.vocabulary import WORDS
from okplatform.kernel import clock
from okplatform.kernel.events import Delivered, handles


def plan(deliveries: Sequence[Delivered[Any]]) -> None:
    """Plan a delivery of each event for each endpoint that wants to hear of it."""
    plan_deliveries(deliveries=deliveries, now=clock.now())


for word in WORDS:
    handles(word.event)(plan)
