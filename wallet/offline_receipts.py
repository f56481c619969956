"""A receipt as plain texts in the reader's language: what a phone keeps of it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from okplatform.trade.models import Sale, SaleLine
from okplatform.web import formats
from okplatform.web.templatetags.ok import initials, mark
from wallet.models import Receipt
from wallet.receipts import CameBack, ReceiptView, view_of

Line = dict[str, str]
"""``text``, ``detail`` below it, ``amount`` beside it; a ``tone``: good, paid, quiet or none."""


def as_plain(receipt: Receipt) -> dict[str, Any]:
    """Return everything on the page of a receipt; ``parts`` are its lists of lines.

    ``at`` is ISO 8601 and belongs in ``timezone``; amounts are written out.
    """
    view = view_of(receipt)
    sale, store, name = view.sale, view.sale.store, receipt.merchant.name
    return {
        "id": receipt.pk,
        "shop": name,
        "initials": initials(name),
        "mark": mark(name),
        "place": (store.city or store.name) if store else "",
        "at": sale.closed_at.isoformat() if sale.closed_at else None,
        "timezone": store.timezone if store else settings.TIME_ZONE,
        "amount": formats.money(sale.due, sale.currency),
        "reference": sale.reference,
        "parts": [
            {"name": _("What you bought"), "lines": list(_bought(view))},
            *(_came_back(visit, sale.currency) for visit in view.came_back),
        ],
        "notes": [
            {"title": note.title, "line": note.line, "value": note.value} for note in view.notes
        ],
    }


def _bought(view: ReceiptView) -> Iterator[Line]:
    sale = view.sale
    for line in view.lines:
        yield _line(line.name, line.gross, sale.currency, detail=_quantity(line, sale))
    for discount in view.discounts:
        yield _line(discount.text, -discount.amount, sale.currency, tone="good")
    for tender in view.paid:
        known = tender.funding
        kind = f"{known.label} •• {known.tail}" if known else tender.label
        text = _("Paid with %(kind)s") % {"kind": kind}
        yield _line(text, tender.amount, sale.currency, tone="paid")
    for rate in view.vat:
        text = _("Of which VAT %(rate)s") % {"rate": formats.percent(rate.rate_bp)}
        yield _line(text, rate.amount, sale.currency, tone="quiet")


def _quantity(line: SaleLine, sale: Sale) -> str:
    facts = {
        "quantity": formats.number(line.quantity),
        "price": formats.money(line.unit_price, sale.currency),
    }
    if line.unit == "gram":
        return _("%(quantity)s g at %(price)s per kilo") % facts
    if line.unit == "millilitre":
        return _("%(quantity)s ml at %(price)s per litre") % facts
    return "" if line.quantity == 1 else "{quantity} × {price}".format(**facts)


def _came_back(visit: CameBack, currency: str) -> dict[str, Any]:
    head = _line(
        _("Given back, %(store)s") % {"store": visit.store}, visit.amount, currency, tone="paid"
    )
    lines = [
        _line(
            _("%(name)s, made cheaper") % {"name": line.name} if line.is_lowered else line.name,
            -line.amount,
            currency,
        )
        for line in visit.lines
    ]
    return {"name": _("What came back"), "lines": [head, *lines]}


def _line(text: str, amount: int, currency: str, *, detail: str = "", tone: str = "") -> Line:
    written = formats.money(abs(amount), currency)
    return {
        "text": text,
        "detail": detail,
        "amount": f"\N{MINUS SIGN} {written}" if amount < 0 else written,
        "tone": tone,
    }
