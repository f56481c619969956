"""A receipt as plain texts in the reader's language: what a phone keeps of it."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from okplatform.web import formats
from okplatform.web.templatetags.ok import initials, mark
from wallet.models import Receipt
from wallet.paper import CameBack, Paper
from wallet.receipts import paper_of

Line = dict[str, str]
"""``text``, ``detail`` below it, ``amount`` beside it; a ``tone``: good, paid, quiet or none."""


def as_plain(receipt: Receipt) -> dict[str, Any]:
    """Return everything on the page of a receipt; ``parts`` are its lists of lines.

    ``find`` is what words are held against (static/js/offline-find.js), as in
    ``wallet.receipt_search``; its amounts are in minor units.

    ``at`` is ISO 8601 and belongs in ``timezone``; amounts are written out. ``number`` is drawn as
    the code by which a shop finds the purchase again.
    """
    paper = paper_of(receipt)
    seller = paper.seller
    return {
        "id": receipt.pk,
        "number": str(paper.number),
        "shop": seller.name,
        "initials": initials(seller.name),
        "mark": mark(seller.name),
        "place": seller.city or seller.store,
        "at": paper.closed_at.isoformat(),
        "timezone": paper.timezone,
        "amount": formats.money(paper.due, paper.currency),
        "reference": paper.till_number,
        "find": _find(paper),
        "parts": [
            {"name": _("What you bought"), "lines": list(_bought(paper))},
            *(_came_back(visit, paper.currency) for visit in paper.came_back),
        ],
        "notes": [
            {"title": note.title, "line": note.line, "value": note.value} for note in paper.notes
        ],
    }


def _find(paper: Paper) -> dict[str, Any]:
    seller, lines = paper.seller, paper.lines
    return {
        "shop": seller.reference,
        "texts": [seller.name, seller.store, seller.city, *(line.name for line in lines)],
        "due": paper.due,
        "currency": paper.currency,
        "amounts": sorted({paper.due, *(it for line in lines for it in (line.gross, line.paid))}),
        # The day on which the search with a network finds it.
        "day": timezone.localtime(paper.closed_at).date().isoformat(),
    }


def _bought(paper: Paper) -> Iterator[Line]:
    currency = paper.currency
    for line in paper.lines:
        yield _line(line.name, line.gross, currency, detail=line.measure)
    for discount in paper.discounts:
        yield _line(discount.text, -discount.amount, currency, tone="good")
    for paid in paper.paid:
        text = _("Paid with %(kind)s") % {"kind": paid.label}
        if paid.funding:
            account = f"{paid.funding.label} •• {paid.funding.tail}"
            text = _("Paid from {label}").format(label=account)
        yield _line(text, paid.amount, currency, tone="paid")
    for vat in paper.vat:
        if vat.rate_bp:
            text = _("Of which VAT %(rate)s") % {"rate": formats.percent(vat.rate_bp)}
            yield _line(text, vat.amount, currency, tone="quiet")


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
