"""Everything that a merchant can ask of OK: pages by the resolver, the API by its document.

What is new and has no line in the tables here makes the walk fail.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from merchants.models import OnlinePayment
from merchants.webhooks.actions.add_endpoint import add_endpoint
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.issue_api_key import issue_api_key
from okplatform.parties.models import ApiKey, Person
from okplatform.parties.scopes import Scope
from okplatform.web.permissions import Audience
from tests.architecture.gates.doors import views
from tests.merchants.checkout.gift_cards import sells_cards
from tests.support.counter import Counter, basket, paying, settle_events, show
from tests.support.dark import dark_till
from tests.support.phone import Phone
from tests.support.world import NOW, World
from wallet.queries import consents_of, devices_of, latest_receipt

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
LINK = {"amount": 500, "description": "Boek", "store": "webshop"}
ONLINE = {**LINK, "currency": "EUR"}
LOAD = {"amount": 2_500, "currency": "EUR", "paid_by": "cash", "store": "haarlem"}
SHIFT = {
    "state": "closed",
    "store": "leiden",
    "terminal": "kassa-1",
    "opened_at": NOW.isoformat(),
    "closed_at": (NOW + timedelta(hours=8)).isoformat(),
}


@dataclass(frozen=True)
class Answer:
    """One answer, by what was asked."""

    asked: str
    status: int
    text: str


@dataclass
class Shop:
    """Boekhandel Kramer with every right it can have, and one shopper's trade with it."""

    world: World
    shopper: Person
    phone: Phone
    api: APIClient = field(default_factory=APIClient)
    browser: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.merchant = self.world.kramer.merchant
        key = issue_api_key(
            merchant_id=self.merchant.pk,
            mode=Mode.LIVE,
            name="Alles",
            scopes=[scope for scope in Scope if scope is not Scope.TEST_CODES],
            actor=SYSTEM,
            now=NOW,
        )
        self.api.credentials(HTTP_AUTHORIZATION=f"Bearer {key.text}")
        self.browser.force_login(self.world.olga)
        self.endpoint = uuid4()
        add_endpoint(
            merchant_id=self.merchant.pk,
            mode=Mode.LIVE,
            uuid=self.endpoint,
            url="https://shop.example.nl/hook",
            types=["sale.closed"],
            actor=SYSTEM,
            now=NOW,
        )
        self.sale = self.sold()
        settle_events()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())} if method == "POST" else {}
        ask = getattr(self.api, method.lower())
        return ask(f"/api/v1/{path}", body, format="json", **headers)

    def rung(self, **other: Any) -> dict[str, Any]:
        """Return a basket of the shopper's at the till in Haarlem."""
        place = {"store": "haarlem", "terminal": "kassa-1"}
        return basket(code=show(self.phone), **place, **other)

    def sold(self) -> str:
        uuid = str(uuid4())
        body = self.rung(payment=paying(), reference="K-1")
        assert self.call("PUT", f"sales/{uuid}", body).json()["verdict"] == "happened"
        return uuid

    def opened(self) -> str:
        uuid = str(uuid4())
        assert self.call("PUT", f"sales/{uuid}", self.rung()).json()["verdict"] == "still_open"
        return uuid

    def asked(self) -> str:
        made = self.call("POST", "payments", ONLINE)
        assert made.status_code == 201, made.content
        return str(made.json()["id"])

    def linked(self) -> str:
        made = self.call("POST", "payment-links", LINK)
        assert made.status_code == 201, made.content
        return str(made.json()["id"])

    def shifted(self) -> str:
        """Open a shift in Haarlem, or find the one that is; its day has this shopper's sale."""
        place = {"store": "haarlem", "terminal": "kassa-1"}
        known = self.call("GET", "shifts?store=haarlem", None).json()["shifts"]
        uuid = str(known[0]["uuid"] if known else uuid4())
        put = self.call("PUT", f"shifts/{uuid}", {"state": "open", **place})
        assert put.status_code == 200, put.content
        return uuid

    def dark(self) -> tuple[str, Any]:
        """Sell in Haarlem without a network; return where that is sent, and what."""
        haarlem = self.world.haarlem
        till = dark_till(Counter(haarlem, haarlem.issue_key().text))
        uuid, body = till.sells(show(self.phone))
        return f"offline-sales/{uuid}", {**body, "store": "haarlem", "terminal": "kassa-1"}

    def loaded(self) -> dict[str, Any]:
        """Sell a gift card; return what the till is told."""
        sells_cards(self.world.haarlem)  # the walk over the pages switches them off
        sold = self.call("PUT", f"gift-card-loads/{uuid4()}", LOAD)
        assert sold.status_code == 200, sold.content
        return dict(sold.json())


Call = Callable[[Shop], tuple[str, Any]]

# By the document's name of each operation: the address, and a body.
OPERATIONS: Mapping[str, Call] = {
    "put_product_costs": lambda _shop: ("product-costs", {"costs": [{"sku": "x", "cost": 1}]}),
    "list_ledger_entries": lambda _shop: ("ledger-entries", None),
    "list_payment_links": lambda _shop: ("payment-links", None),
    "create_payment_link": lambda _shop: ("payment-links", LINK),
    "get_payment_link": lambda shop: (f"payment-links/{shop.linked()}", None),
    "close_payment_link": lambda shop: (f"payment-links/{shop.linked()}/closure", {}),
    "list_online_payments": lambda _shop: ("payments", None),
    "create_online_payment": lambda _shop: ("payments", ONLINE),
    "get_online_payment": lambda shop: (f"payments/{shop.asked()}", None),
    "cancel_online_payment": lambda shop: (f"payments/{shop.asked()}/cancellation", {}),
    "capture_online_payment": lambda shop: (f"payments/{shop.asked()}/captures", {}),
    "put_gift_card_load": lambda _shop: (f"gift-card-loads/{uuid4()}", LOAD),
    "delete_gift_card_load": lambda shop: (f"gift-card-loads/{shop.loaded()['uuid']}", None),
    "create_gift_card_balance": lambda shop: (
        "gift-card-balances",
        {"card": shop.loaded()["card"]},
    ),
    "get_sale": lambda shop: (f"sales/{shop.sale}", None),
    "stream_sale": lambda shop: (f"sales/{shop.sale}/events", None),
    "get_offline_allowance": lambda _shop: (
        "offline-allowance?store=haarlem&terminal=kassa-1",
        None,
    ),
    "put_offline_key": lambda shop: (
        "offline-key",
        {
            "store": "haarlem",
            "terminal": "kassa-1",
            "public_key": shop.dark()[1]["offline"]["public_key"],
        },
    ),
    "put_offline_sale": lambda shop: shop.dark(),
    "put_shift": lambda _shop: (f"shifts/{uuid4()}", SHIFT),
    "get_shift": lambda shop: (f"shifts/{shop.shifted()}", None),
    "list_shifts": lambda _shop: ("shifts?store=haarlem&terminal=kassa-1", None),
    "list_unsettled_sales": lambda shop: (f"unsettled-sales?store=haarlem&x={shop.opened()}", None),
    "put_sale": lambda shop: (f"sales/{uuid4()}", shop.rung()),
    "delete_sale": lambda shop: (f"sales/{shop.opened()}", None),
    "create_payment": lambda shop: (f"sales/{shop.opened()}/payment", paying("cash")),
    "list_refunds": lambda shop: (f"sales/{shop.sale}/refunds", None),
    "create_refund": lambda shop: (
        f"sales/{shop.sale}/refunds",
        {"uuid": str(uuid4()), "store": "haarlem", "terminal": "kassa-1", "amount": 1},
    ),
    "create_proof_check": lambda shop: (
        "proof-checks",
        {
            "code": show(shop.phone),
            "claim": "age_over_18",
            "store": "haarlem",
            "terminal": "kassa-1",
        },
    ),
    # Live keys have no test codes, and a test person is nobody.
    "create_test_confirmation": lambda shop: (f"test/sales/{shop.sale}/confirmation", {}),
    "get_test_clock": lambda _shop: ("test/clock", None),
    "put_test_clock": lambda _shop: ("test/clock", {"now": "2027-01-01T00:00:00Z"}),
    "create_test_reset": lambda _shop: ("test/reset", {"epoch": 0}),
    "create_test_code": lambda shop: ("test/wallet-codes", {"person": shop.shopper.email}),
}


def operations() -> dict[str, str]:
    """Return the API's operations by their names in the document, with their methods."""
    contract = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return {
        said["operationId"]: method.upper()
        for path in contract["paths"].values()
        for method, said in path.items()
    }


def arguments(shop: Shop) -> Mapping[str, tuple[Any, ...]]:
    """Return what stands for each parameter of a page's address, the shopper's own among it."""
    person_id = shop.shopper.pk
    receipt = latest_receipt(person_id)
    with operator_scope("the walk looks"):
        tokens = tuple(OnlinePayment.objects.values_list("token", flat=True))
        keys = tuple(ApiKey.objects.filter(merchant=shop.merchant).values_list("pk", flat=True))
    consents = consents_of(person_id).values_list("pk", flat=True)
    number = (1, person_id)
    return {
        "merchant": (shop.merchant.reference,),
        "reference": (shop.merchant.reference,),
        "uuid": (shop.sale, str(shop.endpoint), shop.linked()),
        "sale_uuid": (shop.sale,),
        "api_key": keys[:1],
        "token": tokens[:1] or ("nothing",),
        "receipt_id": (receipt.pk if receipt else 1,),
        "consent_id": tuple(consents) or (1,),
        "card": (uuid4(),),
        "card_import": (uuid4(),),
        "share": (uuid4(),),
        "invitation": (uuid4(),),
        "session": (uuid4(),),
        "push_phone": (uuid4(),),
        "digest": ("0" * 64,),
        "device": (devices_of(person_id)[0].uuid,),
        "confirmation": (uuid4(),),
        "request_id": (uuid4(),),
        "nonce": ("nothing",),
        "number": ("2026-1",),
        "form": ("pdf", "svg", "json"),
        "kind": ("tender",),
        "code": ("LENTE26",),
        **dict.fromkeys(
            (
                "account_id",
                "card_id",
                "collection_id",
                "line_number",
                "offer_id",
                "part",
                "payout_id",
                "refund_id",
                "reward_id",
                "series_id",
            ),
            number,
        ),
    }


def pages() -> Iterator[tuple[str, Any]]:
    """Return what people open: a shop's pages, and those of a person, which an owner is too."""
    for address, view in views(get_resolver().url_patterns):
        permission = getattr(view, "required_permission", None)
        if permission and permission.audience in {Audience.STAFF, Audience.PERSON}:
            yield address, view


def filled(address: str, values: Mapping[str, tuple[Any, ...]]) -> list[str]:
    """Return the address with every value of its parameters; one without a value is an error."""
    named = PARAMETER.search(address)
    if named is None:
        return [address]
    return [
        found
        for value in values[named[1]]
        for found in filled(address.replace(named[0], str(value), 1), values)
    ]


def walk(shop: Shop) -> Iterator[Answer]:
    """Ask all that this merchant can ask, one after another."""
    for name, method in operations().items():
        path, body = OPERATIONS[name](shop)
        yield _answer(f"{method} {path} ({name})", shop.call(method, path, body))
    values = arguments(shop)
    for address, view in pages():
        for found in filled(address, values):
            yield _answer(f"GET {found}", shop.browser.get(found))
            # Signing the owner out would end the walk; all else may be sent, though it is empty.
            if hasattr(view, "post") and "sign-out" not in found:
                yield _answer(f"POST {found}", shop.browser.post(found))
    for number in ("K-1", show(shop.phone)):
        find = f"/console/{shop.merchant.reference}/customers/"
        yield _answer(f"POST {find}", shop.browser.post(find, {"number": number}))
        card = f"{find}card/"
        yield _answer(f"GET {card} found", shop.browser.get(card))
        yield _answer(f"POST {card} found", shop.browser.post(card))


def _answer(asked: str, response: Any) -> Answer:
    if isinstance(response, StreamingHttpResponse):
        content = b"".join(response.streaming_content)  # type: ignore[arg-type]
    else:
        content = response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return Answer(asked, response.status_code, headers + content.decode(errors="replace"))
