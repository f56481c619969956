"""Put a merchant's card payments, the acquirer's lines and the bank's together, if it is sure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant
from payments.acquiring import hold_acquirers
from payments.matching.acquirer import BY_AMOUNT_AND_DAY, BY_REFERENCE
from payments.models import AcquirerArrival, AcquirerBatch, AcquirerRule, SettledState
from payments.references import stands_in

WINDOW = timedelta(days=10)
"""How long after its last day a batch may arrive that the bank's line does not name."""


def match_acquirer(*, merchant_id: int, mode: str, now: datetime, actor: Actor) -> int:
    """Match what is open by the rules of ``payments.matching.acquirer``; return how much it was.

    May be called again: it tries what is still open. What is not certain stays so, for a person.
    """
    with merchant_scope(merchant_id), transaction():
        hold_acquirers(merchant_id, mode)
        names = {
            "merchant": merchant_id,
            "mode": mode,
            "zone": Merchant.objects.get(pk=merchant_id).timezone,
        }
        lines = len(call(BY_REFERENCE, names)) + len(call(BY_AMOUNT_AND_DAY, names))
        arrivals = _match_arrivals(merchant_id, mode)
        if lines or arrivals:
            audit.record(
                actor=actor,
                action="acquirer_matched",
                object_type="merchant",
                object_id=merchant_id,
                merchant_id=merchant_id,
                mode=mode,
                data={"lines": lines, "arrivals": arrivals, "at": now.isoformat()},
            )
    return lines + arrivals


def _match_arrivals(merchant_id: int, mode: str) -> int:
    """Give each batch what the bank booked of it: by its name, else by its amount, about then."""
    waiting = AcquirerArrival.objects.filter(
        merchant_id=merchant_id, mode=mode, state=SettledState.OPEN
    )
    matched = 0
    for arrival in waiting.order_by("booked_on", "pk"):
        batches = AcquirerBatch.objects.filter(account_id=arrival.account_id).exclude(
            arrived=F("gross") - F("fee")
        )
        found, rule = _batch_of(arrival, list(batches.order_by("pk")))
        if found is None:
            continue
        found.arrived += arrival.amount
        found.arrived_on = arrival.booked_on
        found.save(update_fields=["arrived", "arrived_on"])
        arrival.state, arrival.rule, arrival.batch = SettledState.MATCHED, rule, found
        arrival.save(update_fields=["state", "rule", "batch"])
        matched += 1
    return matched


def _batch_of(
    arrival: AcquirerArrival, batches: Sequence[AcquirerBatch]
) -> tuple[AcquirerBatch | None, AcquirerRule]:
    named = [batch for batch in batches if stands_in(batch.reference, arrival.text)]
    if named:
        fitting = [batch for batch in named if _is_part(arrival.amount, batch.to_come)]
        return _only(fitting), AcquirerRule.REFERENCE
    alike = [
        batch
        for batch in batches
        if batch.to_come == arrival.amount
        and batch.last_day <= arrival.booked_on <= batch.last_day + WINDOW
    ]
    return _only(alike), AcquirerRule.AMOUNT_AND_DAY


def _is_part(amount: int, to_come: int) -> bool:
    return (amount > 0) == (to_come > 0) and abs(amount) <= abs(to_come)


def _only(found: Sequence[AcquirerBatch]) -> AcquirerBatch | None:
    """Return the one that was found; of several nobody knows which."""
    return found[0] if len(found) == 1 else None
