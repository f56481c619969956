"""A shopper whose wallet is well filled: what the pages are measured with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.kernel.money import vat_included
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.models import Merchant, Person, Store
from okplatform.trade.actions.bulk import PastLine, PastSale, PastTender, copy_sales
from wallet.actions.bulk import file_receipts_of_merchant
from wallet.actions.grant_consent import grant_consent
from wallet.actions.put_card import put_card
from wallet.card_keeping import Said
from wallet.consent_texts import CURRENT_VERSION
from wallet.models import Receipt

CARDS, RECEIPTS, SHOPS, LINES = 50, 200, 4, 8
IBAN = "NL91ABNA0417164300"
VAT_NUMBER = "NL004495445B01"
SYMBOLOGIES: list[dict[str, Any]] = [
    {"symbology": "ean_13", "payload": "2620123456782"},
    {"symbology": "qr_code", "payload": "OK-BENCH-0001"},
    {"symbology": "code_128", "payload": "0012345678"},
]
COLOURS = ["#1a4d8f", "#a31f34", "#2f6b3c", "#6b3fa0", "#8a4b08"]


@dataclass(frozen=True, slots=True)
class Shopper:
    """Somebody with cards and receipts, and one of each to look at."""

    person: Person
    card: UUID
    receipt_id: int


def seed_shopper(*, now: datetime) -> Shopper:
    """Make a shopper with 50 cards and 200 receipts of four shops that may know the name."""
    person = create_person(email="shopper@example.nl", name="Sara Shopper", actor=SYSTEM)
    for number in range(SHOPS):
        merchant, store = _shop(number)
        _buy(person, merchant, store, number, now)
        grant_consent(
            person_id=person.pk,
            merchant_id=merchant.pk,
            purpose="identity",
            text_version=CURRENT_VERSION["identity"],
            language="nl",
            actor=SYSTEM,
            now=now,
        )
    cards = [_card(person, number, now) for number in range(CARDS)]
    with operator_scope("find a receipt of the bench"):
        newest = Receipt.objects.filter(person=person).latest("id")
    return Shopper(person, cards[0], newest.pk)


def _shop(number: int) -> tuple[Merchant, Store]:
    merchant = create_merchant(
        reference=f"shop-{number}",
        name=f"Shop {number}",
        kvk=f"{70_000_000 + number}",
        vat_number=VAT_NUMBER,
        iban=IBAN,
        actor=SYSTEM,
    )
    store = open_store(
        merchant_id=merchant.pk, reference="high-street", name="High street", city="Utrecht",
        actor=SYSTEM,
    )  # fmt: skip
    return merchant, store


def _buy(person: Person, merchant: Merchant, store: Store, shop: int, now: datetime) -> None:
    """Buy at this shop what falls to it of all receipts, one every two days."""
    lines = [_line(number) for number in range(LINES)]
    sales = [
        PastSale(
            uuid=uuid4(),
            store_id=store.pk,
            terminal_id=None,
            person_id=person.pk,
            closed_at=now - timedelta(days=2 * number, hours=1),
            lines=lines,
            tenders=[PastTender("pin", sum(line.gross for line in lines))],
            reference=f"R-{number}",
        )
        for number in range(shop, RECEIPTS, SHOPS)
    ]
    with transaction(), merchant_scope(merchant.pk):
        copy_sales(merchant_id=merchant.pk, mode=Mode.LIVE, sales=sales, actor=SYSTEM)
        file_receipts_of_merchant(merchant_id=merchant.pk, mode=Mode.LIVE, now=now)


def _line(number: int) -> PastLine:
    price = 129 + 40 * number
    return PastLine(
        product_id=None,
        sku=f"article-{number}",
        name=f"Article {number}",
        quantity=1,
        unit="piece",
        unit_price=price,
        gross=price,
        discount=0,
        vat_rate_bp=900,
        vat=vat_included(price, 900),
        category_reference="",
    )


def _card(person: Person, number: int, now: datetime) -> UUID:
    card = uuid4()
    put_card(
        person_id=person.pk,
        card=card,
        fields={
            "name": f"Card {number}",
            "number": f"{2_620_000 + number}",
            "barcode": _turn(SYMBOLOGIES, number),
            "colour": _turn(COLOURS, number),
        },
        said=Said(uuid=uuid4(), device="bench", at=now),
        now=now,
        actor=SYSTEM,
    )
    return card


def _turn(choices: Sequence[Any], number: int) -> Any:
    return choices[number % len(choices)]
