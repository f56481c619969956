"""The receipt of a refund as lines of text, for a till's printer of 40 columns."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from merchants.printing import COLUMNS, money, rate, two
from merchants.returns.facts import LineBack, RefundFacts


def print_lines(facts: RefundFacts) -> list[str]:
    """Return what the till prints."""
    return list(_lines(facts))


def _lines(facts: RefundFacts) -> Iterator[str]:
    yield _("Refund")
    for line in facts.lines:
        yield two(_name(line), _money(-line.amount, facts))
    yield "-" * COLUMNS
    yield two(_("Given back"), _money(facts.amount, facts))
    for tender in facts.tenders:
        yield two(_by(tender.kind), _money(tender.amount, facts))
    for rate_bp, vat in sorted(_vat_by_rate(facts).items()):
        yield two(_("of which VAT {rate} %").format(rate=rate(rate_bp)), _money(vat, facts))
    if facts.points_given_back:
        yield two(_("Points given back"), f"+ {facts.points_given_back}")
    if facts.points:
        yield two(_("Points taken back"), f"- {facts.points}")
    if facts.points_owed:
        yield two(_("of which from your next points"), str(facts.points_owed))


def _name(line: LineBack) -> str:
    if line.quantity == 0:
        return _("Price lowered: {name}").format(name=line.name)
    return f"{line.quantity} x {line.name}" if line.unit == "piece" else line.name


def _by(kind: str) -> str:
    names = {
        "ok": _("To your bank account"),
        "pin": _("PIN card"),
        "cash": _("Cash"),
        "gift_card": _("On the gift card"),
    }
    return names.get(kind, kind)


def _vat_by_rate(facts: RefundFacts) -> dict[int, int]:
    found: dict[int, int] = {}
    for line in facts.lines:
        if line.vat_rate_bp:
            found[line.vat_rate_bp] = found.get(line.vat_rate_bp, 0) + line.vat
    return found


def _money(amount: int, facts: RefundFacts) -> str:
    return money(amount, facts.currency, facts.language)
