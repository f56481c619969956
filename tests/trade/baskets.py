"""Baskets as a checkout would hand them over once they are priced."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from okplatform.kernel.money import vat_included
from okplatform.trade.facts import Closing, LineFacts, SaleKey, TenderFacts
from tests.support.world import Place

OFFER = {"kind": "offer", "id": 1, "text": {"nl": "Korting", "en": "Discount"}}


def key_at(place: Place, uuid: UUID | None = None, mode: str = "live") -> SaleKey:
    return SaleKey(place.merchant.pk, mode, uuid or uuid4())


def line(number: int = 1, gross: int = 250, discount: int = 0, **other: Any) -> LineFacts:
    facts: dict[str, Any] = {
        "number": number,
        "sku": "",
        "name": "Volkoren heel",
        "quantity": 1,
        "unit": "piece",
        "unit_price": gross,
        "gross": gross,
        "discount": discount,
        "paid": gross - discount,
        "vat_rate_bp": 900,
        "vat": vat_included(gross - discount, 900),
        "points": 2,
        "reasons": [OFFER | {"amount": discount}] if discount else [],
        "category_reference": "brood",
    }
    return LineFacts(**facts | other)


def closing(
    place: Place,
    lines: Sequence[LineFacts] | None = None,
    tenders: Sequence[TenderFacts] | None = None,
    **other: Any,
) -> Closing:
    lines = [line(1), line(2, gross=400, discount=40)] if lines is None else lines
    due = sum(each.paid for each in lines)
    facts: dict[str, Any] = {
        "store_id": place.store.pk,
        "channel": place.store.channel,
        "terminal_id": place.terminal.pk,
        "person_id": None,
        "revision": 1,
        "currency": "EUR",
        "points_earned": 6,
        "basket_hash": b"\x01" * 32,
        "operator": "op-1",
        "language": "nl",
        "reference": "R-1",
        "lines": lines,
        "tenders": [TenderFacts(number=1, kind="pin", amount=due)] if tenders is None else tenders,
    }
    return Closing(**facts | other)
