"""What the till tells the cashier: what to do, in one sentence, in the cashier's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.checkout.facts import SaleFacts
from okplatform.kernel.money import format_money

VERDICTS = {"open": "still_open", "closed": "happened", "cancelled": "did_not_happen"}
NO_SALE = "did_not_happen"


def sentence(facts: SaleFacts) -> str:
    """Return the cashier's sentence for a sale as it stands."""
    if facts.state == "closed":
        return _("Paid. Give the goods.")
    if facts.state == "cancelled":
        return _("Not paid. This sale was stopped; start a new one.")
    due = format_money(facts.due, facts.currency, facts.language)
    return _("Not paid yet. To pay: {due}.").format(due=due)


def near_miss(miss: Mapping[str, Any], facts: SaleFacts) -> str:
    """Say what a little more would have brought."""
    missing = format_money(miss["missing"], facts.currency, facts.language)
    if miss["kind"] == "points":
        return ngettext(
            "{missing} more and it is {points} point.",
            "{missing} more and it is {points} points.",
            miss["points"],
        ).format(missing=missing, points=miss["points"])
    return _("{missing} more and you get: {offer}.").format(
        missing=missing, offer=in_language(miss["text"], facts.language)
    )


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return a merchant's own text in the reader's language, or in the one there is."""
    return texts.get(language) or next(iter(texts.values()), "")
