"""From the lines that a till sent to those that are kept: goods priced, all else as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from loyalty.engine import Quote, QuoteLine
from merchants.checkout.basket import PIECE, Basket, Line
from merchants.checkout.refusals import SaleBelowZero
from okplatform.kernel.money import vat_included
from okplatform.trade.facts import TIP, LineFacts


def lines_priced(basket: Basket, quote: Quote, codes: Mapping[int, str]) -> list[LineFacts]:
    """Return a basket's lines with their split; ``codes`` are the coupons that gave an offer."""
    priced = {line.number: line for line in quote.lines}
    return [
        _goods(line, priced[line.number], codes) if line.number in priced else _plain(line)
        for line in basket.lines
    ]


def check_not_below_zero(lines: Sequence[LineFacts]) -> None:
    """Raise ``SaleBelowZero`` where returned empties are worth more than all else."""
    due = sum(line.paid for line in lines)
    if due < 0:
        raise SaleBelowZero(too_much=-due)


def tip_line(*, number: int, tip: int, language: str) -> LineFacts:
    """Return a tip as the line that it is kept as."""
    with translation.override(language):
        name = gettext("Tip")
    return LineFacts(
        number=number,
        sku="",
        name=name,
        quantity=1,
        unit=PIECE,
        unit_price=tip,
        gross=tip,
        discount=0,
        paid=tip,
        vat_rate_bp=0,
        vat=0,
        points=0,
        reasons=[],
        category_reference="",
        kind=TIP,
    )


def tip_in(lines: Sequence[LineFacts]) -> int:
    """Return what of these lines is a tip."""
    return sum(line.paid for line in lines if line.kind == TIP)


def _goods(line: Line, priced: QuoteLine, codes: Mapping[int, str]) -> LineFacts:
    return LineFacts(
        number=line.number,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        gross=priced.gross,
        discount=priced.discount,
        paid=priced.paid,
        vat_rate_bp=line.vat_rate_bp,
        vat=vat_included(priced.paid, line.vat_rate_bp),
        points=priced.points,
        reasons=_reasons(priced, codes) if codes else priced.reasons(),
        category_reference=line.category,
        minimum_age=line.minimum_age,
    )


def _plain(line: Line) -> LineFacts:
    """Return a deposit, or returned empties: nothing comes off, nothing is earned."""
    vat = vat_included(abs(line.gross), line.vat_rate_bp)
    return LineFacts(
        number=line.number,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        gross=line.gross,
        discount=0,
        paid=line.gross,
        vat_rate_bp=line.vat_rate_bp,
        vat=vat if line.gross > 0 else -vat,
        points=0,
        reasons=[],
        category_reference=line.category,
        kind=line.kind,
        minimum_age=line.minimum_age,
    )


def _reasons(priced: QuoteLine, codes: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return why a line costs less, with the coupon where it was one."""
    return [
        {**reason, "coupon": codes[reason["id"]]}
        if reason["kind"] == "offer" and reason["id"] in codes
        else reason
        for reason in priced.reasons()
    ]
