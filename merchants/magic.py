"""What a sandbox does on purpose: magic amounts and magic codes, in test mode and nowhere else.

The one source: checkout and webhooks act by these tables, tests walk through them, and the console
and docs/sandbox.md show them. A magic amount is what the basket's lines come to before anything
comes off (``gross``), in cents; below € 50 nobody has to confirm, and at € 66 everybody does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okplatform.kernel.modes import Mode

TEST = Mode.TEST.value


class Does(StrEnum):
    """The kinds of what goes wrong, or only otherwise."""

    REFUSES = "refuses"
    """The part that OK pays is refused with ``code``, after everything else was worked out."""

    TURNS_AWAY = "turns_away"
    """The call is refused with ``code`` before anything is done; the next one goes through."""

    DELAYS = "delays"
    """It is paid, and the answer comes after ``seconds``."""

    LOSES_ANSWER = "loses_answer"
    """It is paid, and the connection is cut instead of an answer."""

    LOSES_BEFORE = "loses_before"
    """Nothing is done, and the connection is cut; sent again, it is paid."""

    ASKS = "asks"
    """The phone is asked, and nobody answers."""

    SAYS_YES = "says_yes"
    """The phone is asked, and says yes after ``seconds``; then ``code`` may refuse it."""

    SAYS_NO = "says_no"
    """The phone is asked, and says no after ``seconds``."""

    SAYS_NOTHING = "says_nothing"
    """The phone is asked, and the question ends after ``seconds``."""

    DOUBLES_WEBHOOK = "doubles_webhook"
    """It is paid, and each message that tells of it with its amounts is sent twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Magic:
    """One magic amount. ``says`` is what happens, and what a till has to do, in one sentence."""

    amount: int
    does: Does
    says: str | Promise
    code: str = ""
    seconds: int = 0


PEOPLE_AT = "@sandbox.test"
"""Whoever is named so belongs to one merchant's sandbox, and to one epoch of it."""

HOUR = 3600
RETRY_AFTER = 2
"""Seconds that a till is told to wait."""

MAGIC: Sequence[Magic] = (
    Magic(
        amount=13_01,
        does=Does.REFUSES,
        code="bank_account_not_ready",
        says=_("Declined: the customer's account may not be used now. Take another payment."),
    ),
    Magic(
        amount=13_02,
        does=Does.REFUSES,
        code="daily_limit_reached",
        says=_("The customer's limit for today is too low. Take another payment."),
    ),
    Magic(
        amount=13_03,
        does=Does.REFUSES,
        code="monthly_limit_reached",
        says=_("The customer's limit for this month is too low. Take another payment."),
    ),
    Magic(
        amount=13_04,
        does=Does.REFUSES,
        code="bank_account_removed",
        says=_("The account was removed after the code was made. Scan again or stop."),
    ),
    Magic(
        amount=13_05,
        does=Does.REFUSES,
        code="too_many_payments",
        says=_("The customer has paid too often within an hour. Take another payment."),
    ),
    Magic(
        amount=13_06,
        does=Does.REFUSES,
        code="code_used",
        says=_("Another till uses the code up while you are paying. Scan the next code."),
    ),
    Magic(
        amount=13_07,
        does=Does.REFUSES,
        code="code_blocked",
        says=_("The phone is blocked while you are paying. Take another payment."),
    ),
    Magic(
        amount=13_08,
        does=Does.REFUSES,
        code="code_throttled",
        says=_("Too many wrong codes on this till. Wait as long as retry_after says."),
    ),
    Magic(
        amount=13_09,
        does=Does.TURNS_AWAY,
        code="too_many_requests",
        says=_("Too many calls: nothing was done. Send the same again after retry_after."),
    ),
    Magic(
        amount=13_10,
        does=Does.TURNS_AWAY,
        code="internal_error",
        says=_("A fault at OK: nothing was done. Ask for the verdict, then send it again."),
    ),
    Magic(
        amount=13_11,
        does=Does.DELAYS,
        seconds=3,
        says=_("Paid; the answer comes after 3 seconds. Wait for it."),
    ),
    Magic(
        amount=13_12,
        does=Does.DELAYS,
        seconds=12,
        says=_("Paid; the answer comes after 12 seconds, when many tills have stopped waiting."),
    ),
    Magic(
        amount=13_13,
        does=Does.DELAYS,
        seconds=40,
        says=_("Paid; the answer comes after 40 seconds. Ask for the verdict long before."),
    ),
    Magic(
        amount=13_14,
        does=Does.LOSES_ANSWER,
        says=_("Paid; the connection is cut instead of an answer. Ask for the verdict."),
    ),
    Magic(
        amount=13_15,
        does=Does.LOSES_BEFORE,
        says=_("Nothing is done; the connection is cut. Ask for the verdict, then send it again."),
    ),
    Magic(
        amount=13_21,
        does=Does.DOUBLES_WEBHOOK,
        says=_("Paid; its webhook comes twice with one webhook-id. Act on it once."),
    ),
    Magic(
        amount=66_01,
        does=Does.ASKS,
        says=_("The phone is asked. Answer for it with the API, or let the deadline pass."),
    ),
    Magic(
        amount=66_02,
        does=Does.SAYS_YES,
        seconds=2,
        says=_("The phone is asked and says yes after 2 seconds: it happened."),
    ),
    Magic(
        amount=66_03,
        does=Does.SAYS_NO,
        seconds=2,
        says=_("The phone is asked and says no after 2 seconds: it did not happen."),
    ),
    Magic(
        amount=66_04,
        does=Does.SAYS_NOTHING,
        seconds=5,
        says=_("The phone is asked and nobody answers for 5 seconds: it did not happen."),
    ),
    Magic(
        amount=66_05,
        does=Does.SAYS_YES,
        seconds=2,
        code="daily_limit_reached",
        says=_("The phone says yes, and then the limit is reached: it did not happen."),
    ),
    Magic(
        amount=66_06,
        does=Does.SAYS_YES,
        seconds=HOUR,
        says=_("Unknown for an hour, and then it happened. Keep the goods until then."),
    ),
    Magic(
        amount=66_07,
        does=Does.SAYS_NOTHING,
        seconds=HOUR,
        says=_("Unknown for an hour, and then it did not happen."),
    ),
)

BY_AMOUNT: Mapping[int, Magic] = {magic.amount: magic for magic in MAGIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class MagicCode:
    """A kind of code that a test person's phone may show; ``code`` is the refusal that follows."""

    situation: str
    code: str
    says: str | Promise


CODES: Sequence[MagicCode] = (
    MagicCode(situation="fresh", code="", says=_("A valid code, for a minute and one sale.")),
    MagicCode(
        situation="expired",
        code="code_stale",
        says=_("A code of ten minutes ago: a screenshot. Scan the new one."),
    ),
    MagicCode(
        situation="used",
        code="code_used",
        says=_("A code that another sale has used up. Scan the next one."),
    ),
    MagicCode(
        situation="unknown",
        code="code_unknown",
        says=_("A code that no phone shows; after ten within a minute: code_throttled."),
    ),
    MagicCode(
        situation="blocked",
        code="code_blocked",
        says=_("A code of a phone that was blocked. Take another payment."),
    ),
    MagicCode(
        situation="no_account",
        code="no_bank_account",
        says=_("A code that identifies and cannot pay. Take another payment."),
    ),
)


def magic_of(*, mode: str, gross: int) -> Magic | None:
    """Return what this amount does in this mode; None wherever money is real."""
    return BY_AMOUNT.get(gross) if mode == TEST else None


def is_doubled(body: str, *, mode: str) -> bool:
    """Say whether a webhook with this body is sent twice on purpose."""
    if mode != TEST:
        return False
    data = json.loads(body)["data"]
    magic = magic_of(mode=data.get("mode") or "", gross=data.get("gross", 0))
    return magic is not None and magic.does == Does.DOUBLES_WEBHOOK
