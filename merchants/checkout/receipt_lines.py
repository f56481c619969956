"""The receipt as lines of text, for a till's printer of 40 columns."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from loyalty.spent_points import points_spent
from merchants.checkout.facts import SaleFacts
from merchants.checkout.sentences import in_language
from merchants.printing import COLUMNS, money, rate, two
from okplatform.trade.facts import LineFacts


def print_lines(facts: SaleFacts, *, points_name: str, balance: int | None) -> list[str]:
    """Return what the till prints for a closed sale; nothing for one that is not paid."""
    return list(_lines(facts, points_name, balance)) if facts.state == "closed" else []


def _lines(facts: SaleFacts, points_name: str, balance: int | None) -> Iterator[str]:
    for line in facts.lines:
        yield from _line(line, facts)
    yield "-" * COLUMNS
    yield two(_("Total"), _money(facts.due, facts))
    for tender in facts.tenders:
        yield two(_tender_name(tender.kind), _money(tender.amount, facts))
    for card in facts.gift_cards:
        text = _("Left on gift card {end}").format(end=card.number_end)
        yield two(text, _money(card.balance, facts))
    for rate_bp, vat in sorted(vat_by_rate(facts).items()):
        yield two(_("of which VAT {rate} %").format(rate=rate(rate_bp)), _money(vat, facts))
    if spent := points_spent(facts.lines):
        yield two(_("{points} spent").format(points=points_name), f"- {spent.points}")
    if facts.points_earned:
        yield two(_("{points} added").format(points=points_name), f"+ {facts.points_earned}")
    if balance is not None:
        yield two(_("Balance"), str(balance))


def _line(line: LineFacts, facts: SaleFacts) -> Iterator[str]:
    count = f"{line.quantity} x " if line.unit == "piece" and line.quantity > 1 else ""
    yield two(f"{count}{line.name}", _money(line.gross, facts))
    for reason in line.reasons:
        text = in_language(reason["text"], facts.language)
        yield two(f"  {text}", _money(-reason["amount"], facts))


def vat_by_rate(facts: SaleFacts) -> dict[int, int]:
    """Return the VAT contained in what was paid, per rate in basis points."""
    found: dict[int, int] = {}
    for line in facts.lines:
        if line.vat_rate_bp:
            found[line.vat_rate_bp] = found.get(line.vat_rate_bp, 0) + line.vat
    return found


def _tender_name(kind: str) -> str:
    names = {"ok": "OK", "pin": _("PIN card"), "cash": _("Cash"), "gift_card": _("Gift card")}
    return names.get(kind, kind)


def _money(amount: int, facts: SaleFacts) -> str:
    return money(amount, facts.currency, facts.language)
