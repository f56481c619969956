"""Makes the paper of a receipt from the rows of its sale."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from okplatform.kernel.tenancy import merchant_scope, person_scope
from okplatform.parties.models import Merchant, Store
from okplatform.trade.facts import LineFacts
from okplatform.trade.models import Return, ReturnLine, Sale, SaleLine, Tender
from okplatform.trade.models.catalogue import Unit
from okplatform.trade.models.sale import TenderKind
from okplatform.web import formats
from wallet import hooks
from wallet.hooks import ReceiptNote, SalePoints
from wallet.models import Receipt, Warranty
from wallet.paper import CameBack, Discount, LineBack, Paid, Paper, PaperLine, Seller, Until, Vat


def paper_of(receipt: Receipt) -> Paper:
    """Return a receipt that its person may see, in the active language."""
    sale = receipt.sale
    store, closed_at = sale.store, sale.closed_at
    if store is None or closed_at is None:
        message = "A receipt is of a closed sale, which has a store and a time."
        raise ValueError(message)
    with merchant_scope(receipt.merchant_id):
        lines = list(SaleLine.objects.filter(sale_id=sale.pk).order_by("number"))
        tenders = list(Tender.objects.filter(sale_id=sale.pk).order_by("number"))
        came_back = _came_back(sale, lines)
    return Paper(
        number=sale.uuid,
        till_number=sale.reference,
        mode=sale.mode,
        language=formats.language(),
        currency=sale.currency,
        closed_at=closed_at.astimezone(ZoneInfo(store.timezone)),
        timezone=store.timezone,
        seller=_seller(receipt.merchant, store),
        lines=[_line(line, sale.currency) for line in lines],
        discounts=discounts_on(lines),
        gross=sale.gross,
        discount=sale.discount,
        due=sale.due,
        vat=vat_on(lines),
        paid=[_paid(tender) for tender in tenders],
        came_back=came_back,
        points=_points(sale, receipt.person_id),
        notes=hooks.notes_on(sale.pk, receipt.person_id) or _earned(sale),
        warranties=_warranties(receipt),
    )


def own_paper_of(receipt: Receipt) -> Paper:
    """Return it in the receipt's own language: that of the sale."""
    language = receipt.sale.language
    with translation.override(language if language in dict(settings.LANGUAGES) else "nl"):
        return paper_of(receipt)


def _seller(merchant: Merchant, store: Store) -> Seller:
    return Seller(
        reference=merchant.reference,
        name=merchant.name,
        store=store.name,
        city=store.city,
        channel=store.channel,
        street=merchant.street,
        postal_code=merchant.postal_code,
        address_city=merchant.city,
        country=merchant.country,
        kvk=merchant.kvk,
        vat_number=merchant.vat_number,
    )


def _line(line: SaleLine, currency: str) -> PaperLine:
    return PaperLine(
        number=line.number,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        measure=_measure(line, currency),
        gross=line.gross,
        paid=line.paid,
        vat_rate_bp=line.vat_rate_bp,
        vat=line.vat,
        discounts=discounts_on([line]),
    )


def _measure(line: SaleLine, currency: str) -> str:
    price = formats.money(line.unit_price, currency)
    quantity = formats.number(line.quantity)
    if line.unit == Unit.GRAM:
        return _("%(quantity)s g at %(price)s per kilo") % {"quantity": quantity, "price": price}
    if line.unit == Unit.MILLILITRE:
        return _("%(quantity)s ml at %(price)s per litre") % {"quantity": quantity, "price": price}
    return f"{quantity} \N{MULTIPLICATION SIGN} {price}" if line.quantity != 1 else ""


def _came_back(sale: Sale, lines: Iterable[SaleLine]) -> list[CameBack]:
    """Read what came back of a sale, the first first; its merchant's scope is open."""
    returns = list(Return.objects.filter(sale_id=sale.pk).select_related("store").order_by("pk"))
    names = {line.number: line.name for line in lines}
    back: dict[int, list[LineBack]] = defaultdict(list)
    for line in ReturnLine.objects.filter(sale_return__in=returns).order_by("number"):
        one = LineBack(
            number=line.number,
            name=names[line.number],
            quantity=line.quantity,
            amount=line.amount,
            vat=line.vat,
            is_lowered=not line.quantity,
        )
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
    """Add up what was paid and the VAT in it per rate, the lowest rate first."""
    paid: dict[int, int] = defaultdict(int)
    amounts: dict[int, int] = defaultdict(int)
    for line in lines:
        paid[line.vat_rate_bp] += line.paid
        amounts[line.vat_rate_bp] += line.vat
    return [Vat(rate, paid[rate], amount) for rate, amount in sorted(amounts.items())]


def _in_language(text: Mapping[str, Any]) -> str:
    return str(text.get(formats.language()) or next(iter(text.values()), ""))


def _paid(tender: Tender) -> Paid:
    by_ok = tender.kind == TenderKind.OK
    return Paid(
        kind=tender.kind,
        label=tender.get_kind_display(),
        amount=tender.amount,
        funding=hooks.paid_from(tender.sale_id) if by_ok else None,
    )


def _points(sale: Sale, person_id: int) -> SalePoints | None:
    """Ask the programme; where none knows the sale, what the till said of it counts."""
    known = hooks.points_at(sale.pk, person_id)
    if known is None and sale.points_earned:
        return SalePoints(name=_("points"), earned=sale.points_earned)
    return known


def _warranties(receipt: Receipt) -> Sequence[Until]:
    with person_scope(receipt.person_id):
        kept = Warranty.objects.filter(receipt_id=receipt.pk).order_by("ends_on", "id")
        return [Until(one.line, one.ends_on, one.note) for one in kept]


def _earned(sale: Sale) -> Sequence[ReceiptNote]:
    """Say what was earned, where the programme itself has nothing to add."""
    if not sale.points_earned:
        return []
    return [ReceiptNote(_("+ {points} points").format(points=sale.points_earned), "", "")]
