"""Sales as the checkout writes them, without a till."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.models import Person, Store
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.open_sale import take_sale_id
from okplatform.trade.facts import Closing, LineFacts, SaleKey, TenderFacts
from wallet.actions.bind_code import bind


def line(
    number: int = 1, name: str = "Desembrood", unit_price: int = 420, **changed: Any
) -> LineFacts:
    """A line of one piece at 9 % VAT, unless changed; `discount` comes off."""
    facts: dict[str, Any] = {
        "sku": "",
        "quantity": 1,
        "unit": "piece",
        "gross": unit_price,
        "discount": 0,
        "vat_rate_bp": 900,
        "vat": 0,
        "points": 0,
        "reasons": [],
        "category_reference": "",
    } | changed
    paid = facts["gross"] - facts["discount"]
    return LineFacts(number=number, name=name, unit_price=unit_price, paid=paid, **facts)


HALF = {"kind": "offer", "id": "4", "amount": 100}
TEXT = {"nl": "4e appelflap halve prijs", "en": "4th turnover half price"}
LINES = [
    line(1, "Desembrood", 420, quantity=2, gross=840, vat=69),
    line(
        2,
        "Appelflap",
        275,
        quantity=4,
        gross=1100,
        discount=100,
        vat=83,
        reasons=[HALF | {"text": TEXT}],
    ),
    line(3, "Kaas", 1599, quantity=250, unit="gram", gross=400, vat_rate_bp=2100, vat=69),
]
"""Two kinds of bread, one with a discount, and cheese by weight: € 22.40."""


def sell(
    store: Store,
    *,
    now: datetime,
    person: Person | None = None,
    lines: Sequence[LineFacts] = (),
    points: int = 0,
    mode: str = "live",
    kind: str = "pin",
    handle: int | None = None,
    uuid: UUID | None = None,
    tenders: Sequence[TenderFacts] | None = None,
    language: str = "nl",
    reference: str = "R-1",
) -> int:
    """Close a sale and return its id; `handle` is the one that was scanned."""
    key = SaleKey(store.merchant_id, mode, uuid or uuid4())
    bought = list(lines) or [line()]
    due = sum(one.paid for one in bought)
    closing = Closing(
        store_id=store.pk,
        channel=store.channel,
        terminal_id=None,
        person_id=person.pk if person else None,
        revision=1,
        currency="EUR",
        points_earned=points,
        basket_hash=bytes(32),
        operator="",
        language=language,
        reference=reference,
        lines=bought,
        tenders=[TenderFacts(number=1, kind=kind, amount=due)] if tenders is None else tenders,
    )
    sale_id = take_sale_id()
    with transaction():
        record_closed(sale_id=sale_id, key=key, closing=closing, actor=SYSTEM, now=now)
        if handle is not None:
            bind(handle=handle, sale_ref=f"{store.merchant_id}:{mode}:{key.uuid}", now=now)
    return sale_id
