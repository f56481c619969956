"""A receipt as the shopper reads it, made from the rows of its sale."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.facts import LineFacts
from okplatform.trade.models import Return, ReturnLine, Sale, SaleLine, Tender
from okplatform.trade.models.sale import TenderKind
from wallet import hooks
from wallet.hooks import Funding, ReceiptNote
from wallet.models import Receipt


@dataclass(frozen=True, slots=True)
class Discount:
    """What came off and why, added up over the lines it came off."""

    text: str
    amount: int


@dataclass(frozen=True, slots=True)
class Vat:
    """VAT contained in what was paid, at one rate in basis points."""

    rate_bp: int
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A tender; ``funding`` is what the OK part was paid from, where that is known."""

    kind: str
    label: str
    amount: int
    funding: Funding | None


@dataclass(frozen=True, slots=True)
class LineBack:
    """A line that came back; with ``is_lowered`` the goods stayed and cost less after all."""

    name: str
    amount: int
    is_lowered: bool


@dataclass(frozen=True, slots=True)
class CameBack:
    """What one visit brought back, and in which store."""

    at: datetime
    store: str
    timezone: str
    amount: int
    lines: Sequence[LineBack]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """Everything on the page; amounts in minor units of ``sale.currency``."""

    sale: Sale
    lines: Sequence[SaleLine]
    discounts: Sequence[Discount]
    paid: Sequence[Paid]
    came_back: Sequence[CameBack]
    vat: Sequence[Vat]
    notes: Sequence[ReceiptNote]


def view_of(receipt: Receipt) -> ReceiptView:
    """Read the sale of a receipt that its person may see."""
    sale = receipt.sale
    with merchant_scope(receipt.merchant_id):
        lines = list(SaleLine.objects.filter(sale_id=sale.pk).order_by("number"))
        tenders = list(Tender.objects.filter(sale_id=sale.pk).order_by("number"))
        came_back = _came_back(sale, lines)
    return ReceiptView(
        sale=sale,
        lines=lines,
        discounts=discounts_on(lines),
        paid=[_paid(tender) for tender in tenders],
        came_back=came_back,
        vat=vat_on(lines),
        notes=hooks.notes_on(sale.pk, receipt.person_id) or _points(sale),
    )


def _came_back(sale: Sale, lines: Iterable[SaleLine]) -> list[CameBack]:
    """Read what came back of a sale, the first first; its merchant's scope is open."""
    returns = list(Return.objects.filter(sale_id=sale.pk).select_related("store").order_by("pk"))
    names = {line.number: line.name for line in lines}
    back: dict[int, list[LineBack]] = defaultdict(list)
    for line in ReturnLine.objects.filter(sale_return__in=returns).order_by("number"):
        one = LineBack(names[line.number], line.amount, is_lowered=not line.quantity)
        back[line.sale_return_id].append(one)
    return [
        CameBack(one.returned_at, one.store.name, one.store.timezone, one.amount, back[one.pk])
        for one in returns
    ]


def discounts_on(lines: Iterable[SaleLine | LineFacts]) -> list[Discount]:
    """Add up the discounts per reason, in the order they appear; what has no reason comes last."""
    amounts: dict[tuple[str, str], int] = defaultdict(int)
    texts: dict[tuple[str, str], str] = {}
    unexplained = 0
    for line in lines:
        unexplained += line.discount
        for reason in line.reasons:
            key = (str(reason["kind"]), str(reason["id"]))
            amounts[key] += reason["amount"]
            texts.setdefault(key, _in_language(reason["text"]))
            unexplained -= reason["amount"]
    found = [Discount(texts[key], amount) for key, amount in amounts.items() if amount]
    return [*found, Discount(_("Discount"), unexplained)] if unexplained else found


def vat_on(lines: Iterable[SaleLine]) -> list[Vat]:
    """Add up the VAT per rate, the lowest rate first; a rate of nothing is left out."""
    amounts: dict[int, int] = defaultdict(int)
    for line in lines:
        amounts[line.vat_rate_bp] += line.vat
    return [Vat(rate, amount) for rate, amount in sorted(amounts.items()) if rate]


def _in_language(text: Mapping[str, Any]) -> str:
    return str(text.get(get_language() or "nl") or next(iter(text.values()), ""))


def _paid(tender: Tender) -> Paid:
    by_ok = tender.kind == TenderKind.OK
    return Paid(
        kind=tender.kind,
        label=tender.get_kind_display(),
        amount=tender.amount,
        funding=hooks.paid_from(tender.sale_id) if by_ok else None,
    )


def _points(sale: Sale) -> list[ReceiptNote]:
    """Say what was earned, where the programme itself has nothing to add."""
    if not sale.points_earned:
        return []
    return [ReceiptNote(_("+ {points} points").format(points=sale.points_earned), "", "")]
