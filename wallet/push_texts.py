"""What stands in a notification, in the language of its reader.

It may lie on a table where anybody reads it: unless its person chose to see them, no shop, amount
or name stands in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from okplatform.web.formats import calendar_day, language, money, number
from wallet.models import PushKind

LONGEST = 120
"""Of a name in a notification; no screen shows more."""

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PushText:
    """A title and a sentence."""

    title: str
    body: str


def push_text(kind: str, facts: Facts, *, shows_details: bool) -> PushText:
    """Return what to say; ``facts`` are those the notice was made with."""
    write = _WITH_DETAILS.get(kind) if shows_details else None
    return (write or _PLAIN[kind])({name: _short(fact) for name, fact in facts.items()})


def _short(fact: Any) -> Any:
    return fact[:LONGEST] if isinstance(fact, str) else fact


def _payment(_facts: Facts) -> PushText:
    return PushText(_("A payment waits for you"), _("Open OK to say yes or no."))


def _payment_in_full(facts: Facts) -> PushText:
    title = _("{shop} asks {amount}").format(
        shop=facts["shop"], amount=money(facts["amount"], facts["currency"])
    )
    return PushText(title, _("Open OK to say yes or no."))


def _security(facts: Facts) -> PushText:
    if facts["what"] == "phone":
        return PushText(
            _("A new phone shows your codes"), _("Was that you? If not, block it at once.")
        )
    return PushText(
        _("Somebody signed in with a new browser"), _("Was that you? If not, sign it out at once.")
    )


def _security_in_full(facts: Facts) -> PushText:
    text = _security(facts)
    return PushText(text.title, f"{facts['name']}. {text.body}" if facts["name"] else text.body)


def _receipt(_facts: Facts) -> PushText:
    return PushText(_("New receipt"), _("It is in your wallet."))


def _receipt_in_full(facts: Facts) -> PushText:
    body = _("Your receipt of {amount} is in your wallet.")
    return PushText(facts["shop"], body.format(amount=money(facts["amount"], facts["currency"])))


def _card(_facts: Facts) -> PushText:
    return PushText(_("A card expires soon"), _("Open OK to see which one, and until when."))


def _card_in_full(facts: Facts) -> PushText:
    return PushText(facts["name"], _("Valid until {day}.").format(day=_day(facts["on"])))


def _warranty(_facts: Facts) -> PushText:
    return PushText(_("A warranty ends soon"), _("Open OK to see which one, and when."))


def _warranty_in_full(facts: Facts) -> PushText:
    return PushText(facts["name"], _("Under warranty until {day}.").format(day=_day(facts["on"])))


def _points(facts: Facts) -> PushText:
    if "moved" in facts:
        return PushText(_("Your points changed"), _("Open OK to see where, and why."))
    return PushText(_("Points end soon"), _("Open OK to see where, and until when."))


def _points_in_full(facts: Facts) -> PushText:
    if "moved" in facts:
        body = _("{points} {name}: {why}") if facts["why"] else _("{points} {name}")
        points = number(facts["moved"])
        name = facts[f"name_{language()}"]
        return PushText(
            facts["shop"],
            body.format(
                points=points if facts["moved"] < 0 else f"+ {points}", name=name, why=facts["why"]
            ),
        )
    body = _("{points} {name} valid until {day}.")
    return PushText(
        facts["shop"],
        body.format(
            points=number(facts["points"]), name=facts[f"name_{language()}"], day=_day(facts["on"])
        ),
    )


def _test(_facts: Facts) -> PushText:
    return PushText(_("This works"), _("Notifications of OK arrive on this phone."))


def _day(said: str) -> str:
    return calendar_day(date.fromisoformat(said))


_PLAIN: Mapping[str, Callable[[Facts], PushText]] = {
    PushKind.PAYMENT: _payment,
    PushKind.SECURITY: _security,
    PushKind.RECEIPT: _receipt,
    PushKind.CARD: _card,
    PushKind.WARRANTY: _warranty,
    PushKind.POINTS: _points,
    PushKind.TEST: _test,
}
_WITH_DETAILS: Mapping[str, Callable[[Facts], PushText]] = {
    PushKind.PAYMENT: _payment_in_full,
    PushKind.SECURITY: _security_in_full,
    PushKind.RECEIPT: _receipt_in_full,
    PushKind.CARD: _card_in_full,
    PushKind.WARRANTY: _warranty_in_full,
    PushKind.POINTS: _points_in_full,
}
