"""The country that the sale is measured in: merchants, stores, tills, shoppers with phones, a past.

Everything is made through the apps' own actions, so that it is what production would hold. What the
load generator needs to know of it (keys, handles, articles) is returned as plain JSON.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connections

from loyalty.actions.join_programme import join_programme
from loyalty.actions.publish_programme import ProgrammeTerms, publish_programme
from loyalty.actions.put_offer import OfferTerms, put_offer
from loyalty.engine import ONE_POINT_PER_EURO, Texts
from loyalty.models import Target
from merchants.analytics.actions.roll_up import roll_up_range
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.kernel.money import vat_included
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.actions.add_terminal import add_terminal
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.issue_api_key import issue_api_key
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.models import Merchant
from okplatform.trade.actions.bulk import PastLine, PastSale, PastTender, copy_sales
from okplatform.trade.actions.create_category import create_category
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import ProductFacts
from okplatform.trade.models import Product
from payments.actions.add_bank_account import add_bank_account
from payments.actions.sign_mandate import sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.mandate_texts import CURRENT_VERSION as MANDATE_TEXT
from wallet import keys
from wallet.actions.enrol_device import enrol_device
from wallet.actions.grant_consent import grant_consent
from wallet.actions.stock_handles import stock_handles
from wallet.consent_texts import CURRENT_VERSION

MERCHANTS = 10
STORES_PER_MERCHANT = 10
PRODUCTS = 60
IBAN = "NL91ABNA0417164300"
VAT_NUMBER = "NL004495445B01"
PAST_SALES_PER_MERCHANT = 2_000
# Every third shopper lets one shop know the name: then an answer also writes "who looked".
CONSENT_EVERY = 3


def seed(*, devices: int, now: datetime) -> dict[str, Any]:
    """Make the country; return ``{"tills": […], "phones": […], "products": […]}``."""
    shops = [_shop(number, now) for number in range(MERCHANTS)]
    programmes = [shop["programme"] for shop in shops]
    connections.close_all()
    numbers = list(range(devices))
    halves = [(numbers[start::2], programmes, now) for start in range(2)]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        phones = [phone for half in pool.map(_phones, halves) for phone in half]
    return {
        "tills": [till for shop in shops for till in shop["tills"]],
        "phones": phones,
        "products": shops[0]["products"],
    }


def _shop(number: int, now: datetime) -> dict[str, Any]:
    merchant = create_merchant(
        reference=f"chain-{number}",
        name=f"Chain {number}",
        kvk=f"{70_000_000 + number}",
        vat_number=VAT_NUMBER,
        iban=IBAN,
        actor=SYSTEM,
    )
    products = _catalogue(merchant)
    programme = publish_programme(
        merchant_id=merchant.pk,
        promise=ProgrammeTerms(
            name=f"Chain {number} saves",
            points_name=Texts(nl="punten", en="points"),
            milli_points_per_cent=ONE_POINT_PER_EURO,
            terms=Texts(nl="Een punt per euro.", en="A point per euro."),
        ),
        actor=SYSTEM,
        now=now,
    )
    put_offer(
        merchant_id=merchant.pk,
        terms=OfferTerms(
            name=Texts(nl="10 % op brood", en="10% off bread"),
            percentage_bp=1_000,
            target=Target.CATEGORIES,
            target_references=("brood",),
            budget=1_000_000_000,
        ),
        actor=SYSTEM,
        now=now,
    )
    tills = list(_tills(merchant, now))
    _past(merchant, tills, products, now)
    return {
        "programme": (programme, merchant.pk),
        "products": products,
        "tills": [{"key": till["key"], "merchant": merchant.pk} for till in tills],
    }


def _catalogue(merchant: Merchant) -> list[dict[str, Any]]:
    for reference in ("brood", "overig"):
        create_category(
            merchant_id=merchant.pk, reference=reference, name=reference.title(), actor=SYSTEM
        )
    products = []
    for number in range(PRODUCTS):
        category = "brood" if number % 5 == 0 else "overig"
        facts: dict[str, Any] = {
            "sku": f"article-{number}",
            "name": f"Article {number}",
            # Ten lines stay far below what a phone would have to confirm, also after many sales.
            "unit_price": 29 + number % 40,
            "vat_rate": 900,
            "category": category,
        }
        put_product(
            merchant_id=merchant.pk,
            product=ProductFacts(
                sku=facts["sku"],
                gtin="",
                name=facts["name"],
                category_reference=category,
                unit="piece",
                price=facts["unit_price"],
                vat_rate_bp=900,
            ),
            actor=SYSTEM,
        )
        products.append(facts)
    return products


def _tills(merchant: Merchant, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(STORES_PER_MERCHANT):
        store = open_store(
            merchant_id=merchant.pk,
            reference=f"store-{number}",
            name=f"Store {number}",
            city="Utrecht",
            actor=SYSTEM,
        )
        terminal = add_terminal(
            merchant_id=merchant.pk,
            store_id=store.pk,
            reference="till-1",
            name="Till 1",
            actor=SYSTEM,
        )
        key = issue_api_key(
            merchant_id=merchant.pk,
            store_id=store.pk,
            terminal_id=terminal.pk,
            mode=Mode.LIVE,
            name="bench",
            actor=SYSTEM,
            now=now,
        )
        yield {"key": key.text, "store_id": store.pk, "terminal_id": terminal.pk}


def _past(
    merchant: Merchant, tills: list[dict[str, Any]], products: list[dict[str, Any]], now: datetime
) -> None:
    """Give the merchant a past of the last four weeks, paid by PIN card."""
    with merchant_scope(merchant.pk):
        ids = dict(Product.objects.values_list("sku", "id"))
    lines = [_past_line(product, ids[product["sku"]]) for product in products]
    sales = []
    for number in range(PAST_SALES_PER_MERCHANT):
        chosen = [lines[(number * 7 + step * 11) % len(lines)] for step in range(10)]
        till = tills[number % len(tills)]
        sales.append(
            PastSale(
                uuid=uuid4(),
                store_id=till["store_id"],
                terminal_id=till["terminal_id"],
                person_id=None,
                closed_at=now - timedelta(minutes=20 * (number + 1)),
                lines=chosen,
                tenders=[PastTender("pin", sum(line.gross for line in chosen))],
            )
        )
    with transaction(), merchant_scope(merchant.pk):
        written = copy_sales(merchant_id=merchant.pk, mode=Mode.LIVE, sales=sales, actor=SYSTEM)
        roll_up_range(merchant_id=merchant.pk, first_id=min(written), last_id=max(written))


def _past_line(product: dict[str, Any], product_id: int) -> PastLine:
    return PastLine(
        product_id=product_id,
        sku=product["sku"],
        name=product["name"],
        quantity=1,
        unit="piece",
        unit_price=product["unit_price"],
        gross=product["unit_price"],
        discount=0,
        vat_rate_bp=900,
        vat=vat_included(product["unit_price"], 900),
        category_reference=product["category"],
    )


def _phones(work: tuple[list[int], list[tuple[int, int]], datetime]) -> list[dict[str, Any]]:
    """Make shoppers with a bank account, a phone and a membership; runs in a process of its own."""
    numbers, programmes, now = work
    with operator_scope("seed shoppers"):
        return [_phone(number, programmes[number % len(programmes)], now) for number in numbers]


def _phone(number: int, programme: tuple[int, int], now: datetime) -> dict[str, Any]:
    programme_id, merchant_id = programme
    person = create_person(
        email=f"shopper-{number}@example.nl", name=f"Shopper {number}", actor=SYSTEM
    )
    account = add_bank_account(
        person_id=person.pk, mode=Mode.LIVE, iban=IBAN, holder=person.name, actor=SYSTEM, now=now
    )
    vouch_for_account(bank_account_id=account.pk, now=now, actor=SYSTEM)
    sign_mandate(
        person_id=person.pk,
        bank_account_id=account.pk,
        text_version=MANDATE_TEXT,
        now=now,
        actor=SYSTEM,
    )
    join_programme(
        programme_id=programme_id, person_id=person.pk, terms_version=1, actor=SYSTEM, now=now
    )
    if number % CONSENT_EVERY == 0:
        grant_consent(
            person_id=person.pk,
            merchant_id=merchant_id,
            purpose="identity",
            text_version=CURRENT_VERSION["identity"],
            language="nl",
            actor=SYSTEM,
            now=now,
        )
    own = ec.generate_private_key(ec.SECP256R1())
    device = enrol_device(
        person_id=person.pk,
        mode=Mode.LIVE,
        public_key=keys.point(own),
        name="Phone",
        now=now,
        actor=SYSTEM,
    )
    stock = stock_handles(
        person_id=person.pk,
        device_uuid=device.uuid,
        funding_refs=[account.pk],
        now=now,
        actor=SYSTEM,
    )
    key = keys.derive(own=own, other_point=keys.server_point(), device_uuid=device.uuid)
    return {"key": key.hex(), "handles": list(stock[account.pk]), "merchant": merchant_id}
