"""Send one notification to one phone, and keep what came of it."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from http import HTTPStatus
from random import SystemRandom
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.gateways.post import NotAnsweredError
from wallet.gateways.push import push
from wallet.models import PushDeliveryState, PushKind
from wallet.models.push import AT_ONCE
from wallet.push_schedule import wait
from wallet.push_texts import push_text
from wallet.quiet_hours import QuietHours

CLAIM_LASTS = timedelta(minutes=2)
"""Longer than any call, looking the name up too: a sender that has not come back by then died."""
TOPIC_BYTES = 24
"""RFC 8030 allows 32 letters of base64."""
URGENCY = {PushKind.PAYMENT: "high", PushKind.SECURITY: "high", PushKind.TEST: "high"}
AGAIN_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
SERVER_ERRORS = 500

# One sender at a time; whoever comes second changes no row. Counted before it goes: a sender that
# dies in between has tried.
CLAIM = """
UPDATE wallet_push_delivery SET claimed_until = %(until)s, attempts = attempts + 1
WHERE id = %(delivery)s AND state = 'waiting' AND due_at <= %(now)s
  AND (claimed_until IS NULL OR claimed_until <= %(now)s)
RETURNING attempts
"""

# All as it is now: whose the phone is, and what they want.
LOOK = """
SELECT notice.person_id, notice.kind, notice.about, notice.facts, notice.url, notice.ends_at,
    phone.id, phone.uuid, phone.endpoint, phone.p256dh, phone.auth, person.language,
    settings.quiet_from, settings.quiet_until, settings.timezone, settings.shows_details,
    person.is_active AND phone.person_id = notice.person_id
        AND session.person_id = notice.person_id
        AND (notice.kind = 'test' OR notice.kind = ANY(settings.kinds))
FROM wallet_push_delivery delivery
JOIN wallet_push_notice notice ON notice.id = delivery.notice_id
JOIN wallet_push_subscription phone ON phone.id = delivery.subscription_id
JOIN parties_browser_session session ON session.id = phone.session_id
JOIN parties_person person ON person.id = notice.person_id
JOIN wallet_push_settings settings ON settings.person_id = notice.person_id
WHERE delivery.id = %(delivery)s
"""

# Nothing was tried: in quiet hours it waits.
HOLD = """
UPDATE wallet_push_delivery SET due_at = %(due_at)s, claimed_until = NULL, attempts = attempts - 1
WHERE id = %(delivery)s AND state = 'waiting' AND attempts = %(attempts)s
"""

# A sender whose claim has passed to another has no say any more, but for what was taken.
KEEP = """
UPDATE wallet_push_delivery
SET state = %(state)s, due_at = %(due_at)s, claimed_until = NULL, status = %(status)s,
    error = %(error)s, ended_at = %(ended_at)s
WHERE id = %(delivery)s AND state = 'waiting' AND (attempts = %(attempts)s OR %(state)s = 'sent')
"""

FORGET_PHONE = "DELETE FROM wallet_push_subscription WHERE id = %s RETURNING session_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    """A delivery under our claim, and what it takes to send it."""

    delivery: int
    attempts: int
    person: int
    kind: str
    about: str
    facts: dict[str, Any]
    url: str
    ends_at: datetime
    phone: int
    name: str
    endpoint: str
    p256dh: bytes
    auth: bytes
    language: str
    quiet_from: time | None
    quiet_until: time | None
    timezone: str
    shows_details: bool
    is_wanted: bool

    def held_until(self, now: datetime) -> datetime | None:
        """Return when quiet hours let it through; None where nothing holds it."""
        if self.kind in AT_ONCE or self.quiet_from is None or self.quiet_until is None:
            return None
        zone = ZoneInfo(self.timezone)
        return QuietHours(self.quiet_from, self.quiet_until, zone).over_at(now)

    @property
    def topic(self) -> str:
        """Return what makes a later message take the place of this one; it tells nobody anything.

        It differs per phone, so that a push service cannot see which belong together.
        """
        said = f"{self.name} {self.kind} {self.about}".encode()
        return urlsafe_b64encode(sha256(said).digest()[:TOPIC_BYTES]).decode()

    @property
    def text(self) -> bytes:
        """Return what the service worker reads (templates/wallet/sw.js)."""
        with translation.override(self.language):
            said = push_text(self.kind, self.facts, shows_details=self.shows_details)
        shown = {"title": said.title, "body": said.body, "tag": self.topic, "url": self.url}
        return json.dumps(shown, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a try."""

    state: PushDeliveryState
    status: int | None = None
    error: str = ""
    due_at: datetime | None = None


def send_push(*, delivery_id: int, now: datetime, actor: Actor) -> PushDeliveryState | None:
    """Send a delivery that is due and return where it then stands; None where there is none.

    A sender that dies after the push service took it and before that was kept leaves it to another,
    two minutes later: that message takes the place of the first, by its topic and its tag. A phone
    that the service says is gone is forgotten.
    """
    claimed = _claim(delivery_id, now=now)
    if claimed is None:
        return None
    if not claimed.is_wanted:
        return _keep(claimed, _Outcome(PushDeliveryState.DROPPED), now=now)
    if claimed.ends_at <= now:
        return _keep(claimed, _Outcome(PushDeliveryState.GIVEN_UP, error="too_late"), now=now)
    held = claimed.held_until(now)
    if held is not None:
        return _hold(claimed, held)
    outcome = _send(claimed, now=now)
    if outcome.status in GONE:
        return _forget_phone(claimed, actor=actor)
    return _keep(claimed, outcome, now=now)


def _claim(delivery_id: int, *, now: datetime) -> _Claimed | None:
    asked = {"delivery": delivery_id, "now": now, "until": now + CLAIM_LASTS}
    with transaction():
        claimed = call(CLAIM, asked)
        found = call(LOOK, asked) if claimed else []
    if not found:
        return None
    ((attempts,),) = claimed
    row = found[0]
    return _Claimed(
        delivery=delivery_id,
        attempts=attempts,
        person=row[0],
        kind=row[1],
        about=row[2],
        facts=json.loads(row[3]),
        url=row[4],
        ends_at=row[5],
        phone=row[6],
        name=str(row[7]),
        endpoint=row[8],
        p256dh=bytes(row[9]),
        auth=bytes(row[10]),
        language=row[11],
        quiet_from=row[12],
        quiet_until=row[13],
        timezone=row[14],
        shows_details=row[15],
        is_wanted=row[16],
    )


def _send(claimed: _Claimed, *, now: datetime) -> _Outcome:
    try:
        answer = push(
            endpoint=claimed.endpoint,
            p256dh=claimed.p256dh,
            auth=claimed.auth,
            text=claimed.text,
            topic=claimed.topic,
            urgency=URGENCY.get(PushKind(claimed.kind), "normal"),
            lasts=claimed.ends_at - now,
            now=now,
        )
    except NotAnsweredError as failure:
        if failure.code == "address_refused":
            return _Outcome(PushDeliveryState.GIVEN_UP, error=failure.code)
        return _again(claimed, None, failure.code, asked="", now=now)
    status = answer.status
    if HTTPStatus(200) <= status < HTTPStatus(300):
        return _Outcome(PushDeliveryState.SENT, status)
    if status >= SERVER_ERRORS or status in AGAIN_LATER:
        return _again(claimed, status, "", asked=answer.retry_after, now=now)
    return _Outcome(PushDeliveryState.GIVEN_UP, status)


def _again(
    claimed: _Claimed, status: int | None, error: str, *, asked: str, now: datetime
) -> _Outcome:
    """Return when to try once more, or that there is no time left for it."""
    spread = SystemRandom().random()
    due_at = now + wait(claimed.attempts, asked=asked, now=now, spread=spread)
    over = due_at >= claimed.ends_at
    state = PushDeliveryState.GIVEN_UP if over else PushDeliveryState.WAITING
    return _Outcome(state, status, error, None if over else due_at)


def _keep(claimed: _Claimed, outcome: _Outcome, *, now: datetime) -> PushDeliveryState:
    over = outcome.state is not PushDeliveryState.WAITING
    with transaction():
        call(
            KEEP,
            {
                "delivery": claimed.delivery,
                "attempts": claimed.attempts,
                "state": outcome.state.value,
                "status": outcome.status,
                "error": outcome.error,
                "due_at": outcome.due_at or now,
                "ended_at": now if over else None,
            },
        )
    return outcome.state


def _hold(claimed: _Claimed, until: datetime) -> PushDeliveryState:
    held = {"delivery": claimed.delivery, "attempts": claimed.attempts, "due_at": until}
    with transaction():
        call(HOLD, held)
    return PushDeliveryState.WAITING


def _forget_phone(claimed: _Claimed, *, actor: Actor) -> PushDeliveryState:
    """Forget a phone whose browser took its permission back, and all that was on its way there."""
    with transaction():
        for (session,) in call(FORGET_PHONE, [claimed.phone]):
            audit.record(
                actor=actor,
                action="push_gone",
                object_type="browser_session",
                object_id=session,
            )
    return PushDeliveryState.DROPPED
