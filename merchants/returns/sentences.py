"""What the cashier does now that something came back, in the cashier's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.returns.facts import RefundFacts
from okplatform.kernel.money import format_money
from okplatform.trade.facts import ReturnTenderFacts


def sentence(facts: RefundFacts) -> str:
    """Say what goes back by itself and what the cashier gives."""
    points = facts.points_given_back
    return " ".join(ways(facts.tenders, facts.currency, facts.language, points=points))


def ways(
    tenders: Sequence[ReturnTenderFacts], currency: str, language: str, *, points: int
) -> list[str]:
    """Say of each part how it goes back, and of the ``points`` that had paid one."""
    said = [_way(tender, format_money(tender.amount, currency, language)) for tender in tenders]
    if points:
        back = ngettext(
            "{points} point goes back to the customer by itself.",
            "{points} points go back to the customer by themselves.",
            points,
        )
        said.append(back.format(points=points))
    # What cost nothing comes back only for the stamp card that had paid for it.
    return said or [_("No money goes back: the full stamp card does, by itself.")]


def _way(tender: ReturnTenderFacts, amount: str) -> str:
    if tender.kind == "ok":
        return _("{amount} goes back to the customer's bank account by itself.").format(
            amount=amount
        )
    if tender.kind == "pin":
        return _("Give {amount} back with the PIN terminal.").format(amount=amount)
    if tender.kind == "cash":
        return _("Give {amount} back in cash.").format(amount=amount)
    if tender.kind == "gift_card":
        return _("{amount} is back on the gift card.").format(amount=amount)
    return _("Give {amount} back as it was paid.").format(amount=amount)
