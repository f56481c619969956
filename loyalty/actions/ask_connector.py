"""Ask a chain's own loyalty system about a member's basket; the sale goes on whatever it says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from loyalty.connector import (
    FAILURES_BEFORE_REST,
    Heard,
    HeardState,
    NothingHeardError,
    Question,
    pseudonym,
)
from loyalty.gateways.connector import HttpConnector
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from payments.secrets import SecretUnreadableError, unlocked
from wallet.actions.record_disclosure import Look, record_disclosure
from wallet.consents import is_recognised
from wallet.models import Fact, Purpose

KNOW = """
SELECT name, url, secret, salt, limit_ms, failures, rests_until
FROM loyalty_connector WHERE id = %s AND is_on
"""

# After its rest one till probes, the others go on without: whoever comes second changes no row.
PROBE = """
UPDATE loyalty_connector SET rests_until = %(until)s
WHERE id = %(id)s AND rests_until <= %(now)s RETURNING id
"""
ANSWERED = """
UPDATE loyalty_connector SET failures = 0, rests_until = NULL, last_error = '' WHERE id = %(id)s
"""
FAILED = """
UPDATE loyalty_connector SET failures = least(failures + 1, 1000), last_error = %(error)s,
    rests_until = CASE WHEN failures + 1 >= %(most)s THEN %(until)s::timestamptz END
WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who scanned whom, and when; ``is_scan`` says that the code was scanned for this very call."""

    person_id: int
    merchant_id: int
    actor: Actor
    is_scan: bool
    now: datetime


def ask_connector(
    *, connector_id: int, member_id: int, asker: Asker, question: Callable[[str], Question]
) -> Heard | None:
    """Return what the other system says of a member's basket, or how asking failed.

    ``question`` makes the question for the pseudonym. None where the system is no longer named, or
    the person lets nobody recognise them there: then nothing is asked. A scan that is asked about
    is a line in "who looked". Never in a transaction.
    """
    allowed = is_recognised(person_id=asker.person_id, merchant_id=asker.merchant_id)
    known = call(KNOW, [connector_id]) if allowed else []
    if not known:
        return None
    ((name, url, secret, salt, limit_ms, failures, rests_until),) = known
    nothing = Heard(connector_id, member_id, name, HeardState.RESTING.value)
    if not _may_ask(connector_id, failures, rests_until, asker.now):
        return nothing
    if asker.is_scan:
        _disclose(name, asker)
    try:
        connector = HttpConnector(
            url=url, secret=unlocked(bytes(secret)), limit_ms=limit_ms, now=asker.now
        )
        said = connector.ask(question(pseudonym(bytes(salt), member_id)))
    except NothingHeardError as failure:
        _keep_failed(connector_id, failure.code, asker.now)
        return nothing._replace(state=failure.state.value)
    except SecretUnreadableError:
        _keep_failed(connector_id, "secret", asker.now)
        return nothing._replace(state=HeardState.UNREACHABLE.value)
    if failures:
        call(ANSWERED, {"id": connector_id})
    heard = nothing._replace(
        state=HeardState.ANSWERED.value,
        balance=said.balance,
        unit=said.unit,
        sentence=said.sentence,
    )
    return heard.giving(said.benefits)


def _rest(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.OK_CONNECTOR_REST_SECONDS)


def _may_ask(connector_id: int, failures: int, rests_until: datetime | None, now: datetime) -> bool:
    if failures < FAILURES_BEFORE_REST or rests_until is None:
        return True
    if rests_until > now:
        return False
    return bool(call(PROBE, {"id": connector_id, "now": now, "until": _rest(now)}))


def _disclose(name: str, asker: Asker) -> None:
    """Write down that this system is told that the person is here, before it is."""
    look = Look(
        person_id=asker.person_id,
        merchant_id=asker.merchant_id,
        actor=asker.actor,
        actor_name=name,
        purpose=Purpose.RECOGNITION.value,
        what=Fact.VISITS.value,
        at=asker.now,
    )
    with transaction():
        record_disclosure([look])


def _keep_failed(connector_id: int, error: str, now: datetime) -> None:
    call(
        FAILED,
        {
            "id": connector_id,
            "error": error,
            "most": FAILURES_BEFORE_REST,
            "until": _rest(now),
        },
    )
