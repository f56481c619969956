"""Write down which endpoints are to hear of a batch of events."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson

from merchants.webhooks.schedule import give_up_at
from merchants.webhooks.vocabulary import WORD_OF, Word
from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.events import Delivered

# Endpoints that are disabled too: they may be enabled again in time, and the log shows what was
# missed.
LISTENING = """
SELECT endpoint.id, endpoint.merchant_id, endpoint.mode
FROM merchants_webhook_endpoint endpoint
JOIN (SELECT DISTINCT * FROM unnest(%(merchants)s::bigint[], %(modes)s::text[])) AS about (who, how)
    ON about.who = endpoint.merchant_id AND about.how = endpoint.mode
WHERE endpoint.types @> ARRAY[%(type)s]
ORDER BY endpoint.id
"""

# A place for each in the order of the list.
PLAN = """
INSERT INTO merchants_webhook_delivery
    (endpoint_id, merchant_id, mode, event_id, type, message, body, state, place, created_at,
     give_up_at, error)
SELECT endpoint_id, merchant_id, mode, event_id, type, message, body, 'waiting',
    nextval('merchants_webhook_place'), %(now)s, %(give_up_at)s, ''
FROM (
    SELECT * FROM unnest(
        %(endpoints)s::bigint[], %(merchants)s::bigint[], %(modes)s::text[], %(events)s::bigint[],
        %(types)s::text[], %(messages)s::uuid[], %(bodies)s::text[])
    WITH ORDINALITY AS told
        (endpoint_id, merchant_id, mode, event_id, type, message, body, ordinality)
    ORDER BY ordinality
) AS in_order
"""

Listening = Mapping[tuple[int | None, str | None], Sequence[int]]


@transaction_required
def plan_deliveries(*, deliveries: Sequence[Delivered[Any]], now: datetime) -> None:
    """Plan a delivery of each of these events, all of one kind, per endpoint that wants it.

    The caller sees to it that none is planned twice. Where nobody listens this is one query.
    """
    word = WORD_OF[type(deliveries[0].event)]
    listening = _listening(deliveries, word)
    heard = [one for one in deliveries if (one.merchant_id, one.mode) in listening]
    if not heard:
        return
    bodies = _bodies(heard, word)
    told = [
        (endpoint_id, one, body)
        for one, body in zip(heard, bodies, strict=True)
        for endpoint_id in listening[one.merchant_id, one.mode]
    ]
    call(
        PLAN,
        {
            "now": now,
            "give_up_at": give_up_at(now),
            "endpoints": [endpoint_id for endpoint_id, _, _ in told],
            "merchants": [one.merchant_id for _, one, _ in told],
            "modes": [one.mode for _, one, _ in told],
            "events": [one.id for _, one, _ in told],
            "types": [word.name] * len(told),
            "messages": [str(uuid4()) for _ in told],
            "bodies": [body for _, _, body in told],
        },
    )


def _listening(deliveries: Sequence[Delivered[Any]], word: Word) -> Listening:
    """Return the endpoints that want to hear of this word, by merchant and mode."""
    found: dict[tuple[int | None, str | None], list[int]] = defaultdict(list)
    asked = {
        "merchants": [one.merchant_id for one in deliveries],
        "modes": [one.mode for one in deliveries],
        "type": word.name,
    }
    for endpoint_id, merchant_id, mode in call(LISTENING, asked):
        found[merchant_id, mode].append(endpoint_id)
    return found


def _bodies(heard: Sequence[Delivered[Any]], word: Word) -> list[str]:
    told = word.tell([one.event for one in heard])
    return [
        body_of(type_=word.name, version=word.version, at=one.occurred_at, mode=one.mode, data=data)
        for one, data in zip(heard, told, strict=True)
    ]


def body_of(
    *, type_: str, version: int, at: datetime, mode: str | None, data: Mapping[str, Any]
) -> str:
    """Return what is sent of an event, byte for byte: it is signed, and never made anew."""
    said = {"type": type_, "version": version, "timestamp": at, "data": {"mode": mode, **data}}
    return orjson.dumps(said, option=orjson.OPT_UTC_Z).decode()
