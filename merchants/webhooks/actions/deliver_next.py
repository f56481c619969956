"""Send the delivery that an endpoint waits for, and keep what came of it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from random import SystemRandom
from uuid import UUID, uuid4

from django.conf import settings

from merchants.magic import is_doubled
from merchants.models import DeliveryState, DisabledBy
from merchants.webhooks.schedule import BREAKER_OPENS_AT, wait
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.gateways.post import Answer, NotAnsweredError, post
from okplatform.kernel.standard_webhooks import headers
from payments.secrets import unlocked

USER_AGENT = "OK-Webhooks/1"
CLAIM_LASTS = timedelta(minutes=2)
"""Longer than any call, looking the name up too: a sender that has not come back by then died."""

# One sender at a time, or the order would be lost; whoever comes second changes no row.
CLAIM = """
UPDATE merchants_webhook_endpoint SET claim = %(claim)s, claimed_until = %(until)s
WHERE id = %(endpoint)s AND disabled_at IS NULL
  AND (claimed_until IS NULL OR claimed_until <= %(now)s)
RETURNING url, secret, CASE WHEN old_secret_until > %(now)s THEN old_secret END,
    next_try_at <= %(now)s
"""

# Counted before it goes: a sender that dies in between has tried.
TAKE = """
UPDATE merchants_webhook_delivery SET attempts = attempts + 1, attempted_at = %(now)s
WHERE id = coalesce(
    (SELECT id FROM merchants_webhook_delivery
     WHERE endpoint_id = %(endpoint)s AND state = 'waiting' AND event_id IS NULL
     ORDER BY place LIMIT 1),
    (SELECT id FROM merchants_webhook_delivery
     WHERE endpoint_id = %(endpoint)s AND state = 'waiting' AND event_id IS NOT NULL AND %(may_try)s
     ORDER BY place LIMIT 1))
  AND state = 'waiting'
RETURNING id, message, body, event_id IS NULL, give_up_at, mode
"""

LET_GO = """
UPDATE merchants_webhook_endpoint SET claim = NULL, claimed_until = NULL
WHERE id = %(endpoint)s AND claim = %(claim)s
"""

# Whoever sent it, and however late it says so: it was taken.
DELIVERED = """
UPDATE merchants_webhook_delivery
SET state = 'delivered', ended_at = greatest(%(now)s, attempted_at), status = %(status)s, error = ''
WHERE id = %(delivery)s AND state = 'waiting'
"""

RECOVERED = """
UPDATE merchants_webhook_endpoint
SET failures = 0, opened_at = NULL, next_try_at = %(now)s, claim = NULL, claimed_until = NULL
WHERE id = %(endpoint)s AND claim = %(claim)s
"""

# A sender whose claim has passed to another has no say in when it is tried again.
FAILED = """
UPDATE merchants_webhook_endpoint
SET failures = failures + 1, claim = NULL, claimed_until = NULL,
    opened_at = CASE WHEN failures + 1 >= %(opens_at)s THEN coalesce(opened_at, %(now)s) END
WHERE id = %(endpoint)s AND claim = %(claim)s
RETURNING failures
"""
TRY_AGAIN = "UPDATE merchants_webhook_endpoint SET next_try_at = %s WHERE id = %s"

NOT_TAKEN = """
UPDATE merchants_webhook_delivery
SET state = %(state)s, ended_at = %(ended_at)s, status = %(status)s, error = %(error)s
WHERE id = %(delivery)s AND state = 'waiting'
"""

GONE = """
UPDATE merchants_webhook_endpoint
SET disabled_at = %(now)s, disabled_by = %(by)s, claim = NULL, claimed_until = NULL
WHERE id = %(endpoint)s AND claim = %(claim)s AND disabled_at IS NULL
RETURNING merchant_id, mode
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A delivery under our claim, and what it takes to send it."""

    endpoint: int
    claim: UUID
    url: str
    secrets: tuple[bytes, ...]
    delivery: int
    message: UUID
    body: str
    is_test: bool
    give_up_at: datetime
    mode: str


def deliver_next(*, endpoint_id: int, now: datetime, actor: Actor) -> DeliveryState | None:
    """Send what an endpoint waits for and return where it then stands.

    None where nothing is to be sent, or somebody else does. A sender that dies after it was taken
    and before that was kept leaves it to another, two minutes later: receivers may get a message
    twice, under one ``webhook-id``, and never out of order.
    """
    taken = _take(endpoint_id, now=now)
    if taken is None:
        return None
    try:
        status, error = _post(taken, now=now), ""
        if is_doubled(taken.body, mode=taken.mode):
            _post_again(taken, now=now)
    except NotAnsweredError as failure:
        status, error = None, failure.code
    with transaction():
        if status is not None and HTTPStatus(200) <= status < HTTPStatus(300):
            return _keep_delivered(taken, status, now=now)
        if status == HTTPStatus.GONE:
            _keep_gone(taken, now=now, actor=actor)
        return _keep_failed(taken, status, error, now=now)


def _take(endpoint_id: int, *, now: datetime) -> _Taken | None:
    """Claim the endpoint and the first that waits; a claim of nothing is let go at once."""
    claim = uuid4()
    held = {"endpoint": endpoint_id, "claim": str(claim), "now": now}
    with transaction():
        claimed = call(CLAIM, {**held, "until": now + CLAIM_LASTS})
        if not claimed:
            return None
        ((url, secret, old_secret, may_try),) = claimed
        found = call(TAKE, {**held, "may_try": may_try})
        if not found:
            call(LET_GO, held)
            return None
    ((delivery, message, body, is_test, give_up_at, mode),) = found
    return _Taken(
        endpoint=endpoint_id,
        claim=claim,
        url=url,
        secrets=tuple(bytes(one) for one in (secret, old_secret) if one is not None),
        delivery=delivery,
        message=UUID(str(message)),
        body=body,
        is_test=is_test,
        give_up_at=give_up_at,
        mode=mode,
    )


def _post(taken: _Taken, *, now: datetime) -> int:
    message = f"msg_{taken.message.hex}"
    signed_by = [unlocked(secret) for secret in taken.secrets]
    signed = headers(message=message, body=taken.body, signed_by=signed_by, now=now)
    answer: Answer = post(
        taken.url,
        headers={**signed, "Content-Type": "application/json"},
        body=taken.body.encode(),
        agent=USER_AGENT,
        loopback=bool(settings.OK_WEBHOOK_LOOPBACK),
    )
    return answer.status


def _post_again(taken: _Taken, *, now: datetime) -> None:
    """Send a message of the sandbox a second time; what becomes of that counts for nothing."""
    with suppress(NotAnsweredError):
        _post(taken, now=now)


def _keep_delivered(taken: _Taken, status: int, *, now: datetime) -> DeliveryState:
    call(DELIVERED, {"delivery": taken.delivery, "status": status, "now": now})
    call(RECOVERED, {"endpoint": taken.endpoint, "claim": str(taken.claim), "now": now})
    return DeliveryState.DELIVERED


def _keep_failed(taken: _Taken, status: int | None, error: str, *, now: datetime) -> DeliveryState:
    """Keep why it was not taken, and when the endpoint is tried again; a test is tried once."""
    again = None if taken.is_test else _back_off(taken, now=now)
    over = taken.is_test or (again is not None and again >= taken.give_up_at)
    if taken.is_test:
        call(LET_GO, {"endpoint": taken.endpoint, "claim": str(taken.claim)})
    state = DeliveryState.GIVEN_UP if over else DeliveryState.WAITING
    call(
        NOT_TAKEN,
        {
            "delivery": taken.delivery,
            "state": state.value,
            "ended_at": now if over else None,
            "status": status,
            "error": error,
        },
    )
    return state


def _back_off(taken: _Taken, *, now: datetime) -> datetime | None:
    """Return when the endpoint is tried again; None where the claim is no longer ours."""
    failed = call(
        FAILED,
        {
            "endpoint": taken.endpoint,
            "claim": str(taken.claim),
            "now": now,
            "opens_at": BREAKER_OPENS_AT,
        },
    )
    if not failed:
        return None
    again = now + wait(failed[0][0], spread=SystemRandom().random())
    call(TRY_AGAIN, [again, taken.endpoint])
    return again


def _keep_gone(taken: _Taken, *, now: datetime, actor: Actor) -> None:
    """Disable an endpoint whose server says that it is gone for good; its people are told."""
    asked = {"endpoint": taken.endpoint, "claim": str(taken.claim), "now": now}
    for merchant_id, mode in call(GONE, {**asked, "by": DisabledBy.GONE.value}):
        audit.record(
            actor=actor,
            action="webhook_endpoint_gone",
            object_type="webhook_endpoint",
            object_id=taken.endpoint,
            merchant_id=merchant_id,
            mode=mode,
        )
