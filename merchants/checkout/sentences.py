"""What the till tells the cashier: what to do, in one sentence, in the cashier's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty.connector import Heard, HeardState
from merchants.checkout.facts import ConfirmationFacts, SaleFacts
from okplatform.kernel.money import format_money
from payments.states import ConfirmationState

VERDICTS = {"open": "still_open", "closed": "happened", "cancelled": "did_not_happen"}
# Only a sale that was closed or cancelled has ended. One that nobody knows may still be on its way,
# from the same till: `did_not_happen`, said of it, could turn out to be wrong.
NO_SALE = "still_open"

_WITHOUT_YES = {
    "": gettext_lazy("Not paid. This sale was stopped; start a new one."),
    ConfirmationState.DECLINED: gettext_lazy(
        "Not paid. The customer said no on the phone. Take another payment in a new sale."
    ),
    ConfirmationState.EXPIRED: gettext_lazy(
        "Not paid. The customer did not confirm in time."
        " Try once more in a new sale, or take another payment."
    ),
}
_AFTER_YES = {
    "": gettext_lazy(
        "Not paid. The customer confirmed, but it could not be taken."
        " Take another payment in a new sale."
    ),
    "amount_changed": gettext_lazy(
        "Not paid. The price changed while the customer confirmed. Ring it up in a new sale."
    ),
    "daily_limit_reached": gettext_lazy(
        "Not paid. The customer's limit is reached. Take another payment in a new sale."
    ),
    "monthly_limit_reached": gettext_lazy(
        "Not paid. The customer's limit is reached. Take another payment in a new sale."
    ),
}


def sentence(facts: SaleFacts) -> str:
    """Return the cashier's sentence for a sale as it stands."""
    if facts.state == "closed":
        return _("Paid. Give the goods.")
    if facts.state == "cancelled":
        return _why_not(facts.confirmation)
    due = format_money(facts.due, facts.currency, facts.language)
    if facts.confirmation is not None:
        return _("Keep the goods. The customer confirms {due} on the phone.").format(due=due)
    unpaid = _("Not paid yet. To pay: {due}.").format(due=due)
    return f"{unpaid} {look(facts.minimum_age)}" if facts.minimum_age else unpaid


def look(minimum_age: int) -> str:
    """Say that the cashier has to see how old the customer is."""
    return _("Ask for identification: the customer must be {age} or older.").format(age=minimum_age)


def _why_not(asked: ConfirmationFacts | None) -> str:
    """Say why a sale was not paid: the shopper was asked on the phone, or the till stopped it."""
    state = asked.state if asked else ""
    if asked and state == ConfirmationState.REFUSED:
        sentence = _AFTER_YES.get(asked.refusal, _AFTER_YES[""])
    else:
        sentence = _WITHOUT_YES.get(state, _WITHOUT_YES[""])
    return str(sentence)


def near_miss(miss: Mapping[str, Any], facts: SaleFacts) -> str:
    """Say what a little more would have brought."""
    if miss["kind"] == "piece":
        return _("One more piece and you get: {offer}.").format(
            offer=in_language(miss["text"], facts.language)
        )
    if miss["kind"] == "stamps":
        return _stamps(miss["points"], in_language(miss["text"], facts.language))
    if miss["kind"] == "tier":
        return _tier(miss, facts)
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


def _stamps(missing: int, card: str) -> str:
    """Say how far a stamp card is; the next piece after ``missing`` more is free or cheaper."""
    if not missing:
        return _("With the next one you get: {offer}.").format(offer=card)
    return ngettext(
        "{count} more, and with the next one you get: {offer}.",
        "{count} more, and with the next one you get: {offer}.",
        missing,
    ).format(offer=card, count=missing)


def _tier(miss: Mapping[str, Any], facts: SaleFacts) -> str:
    """Say what a tier still takes, or that this purchase reaches it."""
    name = in_language(miss["text"], facts.language)
    if miss["missing"]:
        missing = format_money(miss["missing"], facts.currency, facts.language)
        return _("{missing} more and the customer is {tier}.").format(missing=missing, tier=name)
    if not miss["points"]:
        return _("With this purchase the customer is {tier}.").format(tier=name)
    return ngettext(
        "{points} point more and the customer is {tier}.",
        "{points} points more and the customer is {tier}.",
        miss["points"],
    ).format(points=miss["points"], tier=name)


def other_programme(heard: Heard) -> str:
    """Return what another loyalty system tells the cashier, or that it did not answer."""
    if heard.state == HeardState.ANSWERED:
        return heard.sentence
    return _("{name} does not answer. The sale goes on without its benefits.").format(
        name=heard.name
    )


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return a merchant's own text in the reader's language, or in the one there is."""
    return texts.get(language) or next(iter(texts.values()), "")
