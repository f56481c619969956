"""Scan a code at a till: whose is it, what does it pay from, may this till know the name.

The hot path of every member's sale: one row of the SQL function ``wallet_find_code``, which the
checkout asks for together with all else it needs, and one HMAC. The scan changes nothing;
``bind_code.bind`` uses the handle up, in the sale's own transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import durable
from okplatform.kernel.errors import Refusal
from wallet import codes, keys
from wallet.actions.count_guess import buckets, count_guess, throttled
from wallet.codes import WalletCode
from wallet.models import GuessWindow

STALE_STEPS_BACK = 60 * 60 // codes.STEP_SECONDS
"""How far back a tag is called stale instead of wrong: an hour, a screenshot sent to a friend."""

STALE_STEPS_AHEAD = 15 * 60 // codes.STEP_SECONDS
"""How far ahead: a phone whose clock runs fast and that was never online to learn it."""

REPEAT_STEPS = 24 * 60 * 60 // codes.STEP_SECONDS
"""How long the sale that holds a handle may repeat its code: a till that was cut off for a day."""

# An unknown handle is checked against this key, so that it costs the work of a known one.
_NOBODYS_KEY = bytes(keys.KEY_BYTES)
_DEVICE_ID = 3


class CodeMalformed(Refusal):
    """Something else was scanned, or a digit was mistyped."""

    code = "code_malformed"
    status = 422
    sentence = _("This is not an OK code. Scan the code in the customer's OK app.")


class CodeUnknown(Refusal):
    """No phone shows this code.

    An unknown handle and a wrong tag get the same answer, so that guessing teaches nothing.
    """

    code = "code_unknown"
    sentence = _(
        "This code is not known. Ask the customer to open the OK app again and scan once more."
    )


class CodeStale(Refusal):
    """The code was right a while ago: a screenshot, or a phone whose clock is wrong."""

    code = "code_stale"
    sentence = _("This code is too old. Ask the customer to open the OK app and scan the new code.")


class CodeUsed(Refusal):
    """The handle belongs to another sale."""

    code = "code_used"
    sentence = _("This code was used before. Ask the customer to tap “Next code” and scan again.")


class CodeBlocked(Refusal):
    """The phone or its owner was blocked."""

    code = "code_blocked"
    sentence = _("This phone is blocked. Ask the customer to pay in another way.")


class CodeWrongMode(Refusal):
    """A test code at a live till, or the other way round."""

    code = "code_wrong_mode"
    sentence = _(
        "This code is for tests only, or this till is. Ask the customer to pay in another way."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a valid code says.

    ``funding_ref`` is None when the code identifies only; ``name`` is None without consent.
    """

    person_id: int
    device_id: int
    handle: int
    funding_ref: int | None
    name: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """A handle that some phone may show, with what decides whether it counts."""

    sale_ref: str | None
    used_at: datetime | None
    funding_ref: int | None
    device_id: int
    device_uuid: UUID
    public_key: bytes
    mode: str
    blocked: bool
    person_id: int
    name: str | None

    def steps(self, sale_ref: str, now: datetime) -> range:
        """Return the steps whose tag counts: today's three, and for its own sale all since."""
        accepted = codes.accepted_steps(now)
        if self.used_at is None or self.sale_ref != sale_ref:
            return accepted
        first = codes.accepted_steps(self.used_at).start
        return range(max(first, accepted.stop - REPEAT_STEPS), accepted.stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A code as a till read it; ``till_key`` is "<key>/<terminal>" (see ``count_guess``).

    A till without a network read it at ``shown_at`` and says so ``now``: the steps are those of
    then, and a guess counts now.
    """

    code: WalletCode
    till_key: str
    now: datetime
    shown_at: datetime | None = None

    @property
    def question(self) -> list[Any]:
        """Return what ``wallet_find_code`` is asked: the handle, the till's guesses, since when."""
        return [self.code.handle, list(buckets(self.till_key)), self.now - GuessWindow.LENGTH]


NOTHING_SCANNED: list[Any] = [None, [], None]
"""The ``question`` of a sale without a code."""


def read(*, code: str, till_key: str, now: datetime, shown_at: datetime | None = None) -> Scanned:
    """Read the digits of a code, shown ``now`` unless it says; raises ``CodeMalformed``."""
    try:
        return Scanned(code=codes.parse(code), till_key=till_key, now=now, shown_at=shown_at)
    except codes.MalformedCodeError as error:
        raise CodeMalformed from error


@durable
def recognise(scanned: Scanned, found: Sequence[Any], *, sale_ref: str, mode: str) -> Scan:
    """Verify a code against ``found``, what ``wallet_find_code`` answered.

    ``sale_ref`` is the sale it is scanned for, which may repeat its own code in retries. Raises
    ``CodeThrottled``, ``CodeUnknown``, ``CodeStale``, ``CodeWrongMode``, ``CodeBlocked`` or
    ``CodeUsed``. Call it outside a transaction: a wrong code is counted at once, whatever the sale
    does next.
    """
    asked, shown_at = scanned.code, scanned.shown_at or scanned.now
    known = _known(found, now=scanned.now)
    if known is None or not _is_shown(asked, known, sale_ref=sale_ref, now=shown_at):
        _refuse_wrong(scanned, known, shown_at=shown_at)
    if known.mode != mode:
        raise CodeWrongMode
    if known.blocked:
        raise CodeBlocked
    if known.sale_ref not in {None, sale_ref}:
        raise CodeUsed
    return Scan(
        person_id=known.person_id,
        device_id=known.device_id,
        handle=asked.handle,
        funding_ref=known.funding_ref,
        name=known.name,
    )


def _known(found: Sequence[Any], *, now: datetime) -> _Known | None:
    """Return the handle; raises ``CodeThrottled`` when this till has guessed too often."""
    throttled_since, *handle = found
    if throttled_since is not None:
        raise throttled(since=throttled_since, now=now)
    is_known = handle[_DEVICE_ID] is not None
    return _Known(*handle) if is_known else None


def _is_shown(asked: WalletCode, known: _Known, *, sale_ref: str, now: datetime) -> bool:
    return codes.matches(key=_key_of(known), code=asked, steps=known.steps(sale_ref, now))


def _key_of(known: _Known) -> bytes:
    return keys.device_key(known.device_uuid, bytes(known.public_key))


def _refuse_wrong(scanned: Scanned, known: _Known | None, *, shown_at: datetime) -> NoReturn:
    """Refuse as stale what the phone showed lately; anything else is a guess, and counted."""
    step = codes.step_at(shown_at)
    lately = range(step - STALE_STEPS_BACK, step + STALE_STEPS_AHEAD + 1)
    key = _NOBODYS_KEY if known is None else _key_of(known)
    if codes.matches(key=key, code=scanned.code, steps=lately) and known is not None:
        raise CodeStale
    count_guess(till_key=scanned.till_key, now=scanned.now)
    raise CodeUnknown
