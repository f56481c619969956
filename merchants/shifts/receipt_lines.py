"""The totals of a shift as lines of text, for a till's printer of 40 columns."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from merchants.models import Shift
from merchants.printing import COLUMNS, money, rate, two
from merchants.shifts.totals import Totals


def print_lines(
    shift: Shift, totals: Totals, cash: Mapping[str, int | None], language: str
) -> list[str]:
    """Return what the till prints; of a shift that is open it is how it stands so far."""

    def amount(cents: int) -> str:
        return money(cents, shift.currency, language)

    parts = (
        list(_head(shift)),
        list(_turnover(totals, amount)),
        list(_paid(totals, amount)),
        list(_vat(totals, amount)),
        [two(text, amount(cents)) for text, cents in _drawer(cash)],
    )
    lines: list[str] = []
    for part in filter(None, parts):
        lines += ["-" * COLUMNS, *part] if lines else part
    return lines


def _turnover(totals: Totals, amount: Callable[[int], str]) -> Iterator[str]:
    yield two(_("Sales ({count})").format(count=totals.sales), amount(totals.gross))
    yield two(_("Discount"), amount(-totals.discount))
    yield two(_("Refunds ({count})").format(count=totals.refunds), amount(-totals.refunded))
    yield two(_("Turnover"), amount(totals.turnover))
    for text, cents in beside_goods(totals):
        yield two(f"  {text}", amount(cents))


def beside_goods(totals: Totals) -> Iterator[tuple[str, int]]:
    """Return what of the turnover is no goods: tips, deposits, and empties that were returned."""
    for text, cents in (
        (_("of which tips"), totals.tips - totals.tips_given_back),
        (_("of which deposits"), totals.deposits - totals.deposits_given_back),
        (_("of which returned empties"), -totals.empties),
    ):
        if cents:
            yield text, cents


def _paid(totals: Totals, amount: Callable[[int], str]) -> Iterator[str]:
    for tender in totals.tenders:
        yield two(tender_name(tender.kind), amount(tender.paid))
        if tender.given_back:
            yield two(f"  {_('given back')}", amount(-tender.given_back))
    for load in totals.loads:
        name = _("Gift cards sold, {how}").format(how=load_name(load.paid_by))
        yield two(name, amount(load.loaded - load.taken_back))


def _vat(totals: Totals, amount: Callable[[int], str]) -> Iterator[str]:
    for one in totals.vat:
        text = _("VAT {rate} % in {amount}").format(
            rate=rate(one.rate_bp), amount=amount(one.sold - one.returned)
        )
        yield two(text, amount(one.vat - one.returned_vat))
    if totals.points_earned:
        yield two(_("Points added"), f"+ {totals.points_earned}")
    if totals.points_spent:
        text = _("Points spent, {amount} off").format(amount=amount(totals.points_amount))
        yield two(text, f"- {totals.points_spent}")


def _head(shift: Shift) -> Iterator[str]:
    zone = ZoneInfo(shift.store.timezone)
    yield two(shift.store.name, shift.terminal.name)
    yield two(_("Opened"), _moment(shift.opened_at, zone))
    if shift.closed_at is None:
        yield _("Still open: so far")
    else:
        yield two(_("Closed"), _moment(shift.closed_at, zone))
    for text, name in ((_("Opened by"), shift.operator), (_("Closed by"), shift.closed_by)):
        if name:
            yield two(text, name[: COLUMNS - len(text) - 1])


def _drawer(cash: Mapping[str, int | None]) -> Iterator[tuple[str, int]]:
    for text, cents in (
        (_("Cash at the opening"), cash["at_opening"]),
        (_("Cash taken"), cash["taken"]),
        (_("Should be in the drawer"), cash["expected"]),
        (_("Counted"), cash["counted"]),
        (_("Difference"), cash["difference"]),
    ):
        if cents is not None:
            yield text, cents


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d-%m-%Y %H:%M}"


def tender_name(kind: str) -> str:
    """Return a kind of tender as people read it."""
    names = {"ok": "OK", "pin": _("PIN card"), "cash": _("Cash"), "gift_card": _("Gift card")}
    return names.get(kind, kind)


def load_name(paid_by: str) -> str:
    """Return how somebody paid for what was put on a gift card."""
    names = {
        "pin": _("PIN card"),
        "cash": _("Cash"),
        "invoice": _("on account"),
        "gift": _("given away"),
    }
    return names.get(paid_by, paid_by)
