"""What the cashier does now that something came back, in the cashier's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from merchants.returns.facts import RefundFacts
from okplatform.kernel.money import format_money
from okplatform.trade.facts import ReturnTenderFacts


def sentence(facts: RefundFacts) -> str:
    """Say what goes back by itself and what the cashier gives."""
    return " ".join(ways(facts.tenders, facts.currency, facts.language))


def ways(tenders: Sequence[ReturnTenderFacts], currency: str, language: str) -> list[str]:
    """Say of each part how it goes back."""
    return [_way(tender, format_money(tender.amount, currency, language)) for tender in tenders]


def _way(tender: ReturnTenderFacts, amount: str) -> str:
    if tender.kind == "ok":
        return _("{amount} goes back to the customer's bank account by itself.").format(
            amount=amount
        )
    if tender.kind == "pin":
        return _("Give {amount} back with the PIN terminal.").format(amount=amount)
    if tender.kind == "cash":
        return _("Give {amount} back in cash.").format(amount=amount)
    return _("Give {amount} back as it was paid.").format(amount=amount)
