"""The permission table: every address of the API, every scope, every key, whoever's the object is.

The addresses come from the URL configuration: a new one without a row here fails. What is another
merchant's, of the other mode, or nowhere at all gets the same answer, word for word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db.transaction import savepoint, savepoint_rollback
from django.urls import get_resolver
from rest_framework.test import APIClient

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.create_partner import create_partner
from okplatform.parties.actions.grant_partner import Allowance, grant_partner
from okplatform.parties.actions.issue_api_key import IssuedKey, issue_api_key
from okplatform.parties.actions.issue_partner_key import issue_partner_key, revoke_partner_key
from okplatform.parties.actions.revoke_api_key import revoke_api_key
from okplatform.parties.actions.withdraw_partner import withdraw_partner
from okplatform.parties.models import Channel, Merchant
from okplatform.parties.scopes import Scope
from payments import gift_card_numbers
from tests.architecture.gates.doors import views
from tests.merchants.checkout.gift_cards import sells_cards
from tests.merchants.members.known import somebody
from tests.merchants.members.walk import OPERATIONS, Shop
from tests.support.accounts import ready
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

API = "/api/v1/"
METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")
UUID = "<uuid:uuid>"
DIGITS = re.compile(r"\b\d{4}( \d{4})*\b|\b\d{16}\b")
"""Numbers and PINs of gift cards, which differ each time."""


class Row(NamedTuple):
    """A call: its scope, its name in the document, and what its merchant is answered."""

    scope: Scope
    operation: str
    status: int


TABLE: Mapping[str, Row] = {
    f"PUT sales/{UUID}": Row(Scope.SALES_WRITE, "put_sale", 200),
    f"GET sales/{UUID}": Row(Scope.SALES_READ, "get_sale", 200),
    f"GET sales/{UUID}/events": Row(Scope.SALES_READ, "stream_sale", 200),
    f"DELETE sales/{UUID}": Row(Scope.SALES_WRITE, "delete_sale", 200),
    f"POST sales/{UUID}/payment": Row(Scope.PAYMENTS_WRITE, "create_payment", 200),
    f"GET sales/{UUID}/refunds": Row(Scope.SALES_READ, "list_refunds", 200),
    f"POST sales/{UUID}/refunds": Row(Scope.REFUNDS_WRITE, "create_refund", 201),
    "GET unsettled-sales": Row(Scope.SALES_READ, "list_unsettled_sales", 200),
    "GET offline-allowance": Row(Scope.SALES_READ, "get_offline_allowance", 200),
    "PUT offline-key": Row(Scope.PAYMENTS_WRITE, "put_offline_key", 200),
    f"PUT offline-sales/{UUID}": Row(Scope.PAYMENTS_WRITE, "put_offline_sale", 200),
    f"PUT shifts/{UUID}": Row(Scope.SALES_WRITE, "put_shift", 200),
    f"GET shifts/{UUID}": Row(Scope.SALES_READ, "get_shift", 200),
    "GET shifts": Row(Scope.SALES_READ, "list_shifts", 200),
    "GET payments": Row(Scope.SALES_READ, "list_online_payments", 200),
    "POST payments": Row(Scope.PAYMENTS_WRITE, "create_online_payment", 201),
    f"GET payments/{UUID}": Row(Scope.SALES_READ, "get_online_payment", 200),
    f"POST payments/{UUID}/captures": Row(Scope.PAYMENTS_WRITE, "capture_online_payment", 409),
    f"POST payments/{UUID}/cancellation": Row(Scope.PAYMENTS_WRITE, "cancel_online_payment", 200),
    "GET payment-links": Row(Scope.SALES_READ, "list_payment_links", 200),
    "POST payment-links": Row(Scope.PAYMENTS_WRITE, "create_payment_link", 201),
    f"GET payment-links/{UUID}": Row(Scope.SALES_READ, "get_payment_link", 200),
    f"POST payment-links/{UUID}/closure": Row(Scope.PAYMENTS_WRITE, "close_payment_link", 200),
    f"PUT gift-card-loads/{UUID}": Row(Scope.PAYMENTS_WRITE, "put_gift_card_load", 200),
    f"DELETE gift-card-loads/{UUID}": Row(Scope.PAYMENTS_WRITE, "delete_gift_card_load", 200),
    "POST gift-card-balances": Row(Scope.PAYMENTS_WRITE, "create_gift_card_balance", 200),
    "POST proof-checks": Row(Scope.PROOFS_READ, "create_proof_check", 200),
    "PUT product-costs": Row(Scope.PRODUCTS_WRITE, "put_product_costs", 422),
    "GET ledger-entries": Row(Scope.LEDGER_READ, "list_ledger_entries", 200),
    # For a live person there is nothing behind these, whoever asks.
    "POST test/wallet-codes": Row(Scope.TEST_CODES, "create_test_code", 404),
    f"POST test/sales/{UUID}/confirmation": Row(Scope.TEST_CODES, "create_test_confirmation", 404),
    "GET test/clock": Row(Scope.TEST_CODES, "get_test_clock", 200),
    "PUT test/clock": Row(Scope.TEST_CODES, "put_test_clock", 200),
    "POST test/reset": Row(Scope.TEST_CODES, "create_test_reset", 200),
}
"""By method and address below /api/v1/."""

VENDORS: Mapping[str, tuple[int, str] | None] = {
    "allowed": None,
    "never allowed": (403, "partner_not_granted"),
    "allowed elsewhere": (403, "partner_not_granted"),
    "withdrawn": (401, "grant_withdrawn"),
    "revoked": (401, "key_revoked"),
}
"""A till vendor's own key, by what its merchant made of it, and what every address answers."""

ABOUT_ONE = sorted(row for row in TABLE if UUID in row)


def served() -> Iterator[str]:
    """Yield each method of each address, as the URL configuration has it."""
    for address, view in views(get_resolver().url_patterns):
        if address.startswith(API):
            for method in METHODS:
                if hasattr(view, method.lower()):
                    yield f"{method} {address.removeprefix(API)}"


@pytest.fixture
def shop(world: World) -> Shop:
    """The bookshop, with a shopper's trade and every right."""
    sells_cards(world.haarlem)
    person = somebody()
    account = ready(person, "NL20INGB0001234567")
    return Shop(world, person, Phone.of(person, now=clock.now(), funding_ref=account.pk))


def key_of(merchant: Merchant, scopes: Iterable[Scope], mode: str = Mode.LIVE) -> IssuedKey:
    return issue_api_key(
        merchant_id=merchant.pk, mode=mode, name="Rij", scopes=scopes, actor=SYSTEM, now=NOW
    )


def live(scopes: Iterable[Scope] = Scope) -> list[Scope]:
    return [scope for scope in scopes if scope is not Scope.TEST_CODES]


def asked(shop: Shop, row: Row) -> tuple[str, Any]:
    """Return the address and a body that its merchant gets an answer to."""
    path, body = OPERATIONS[row.operation](shop)
    if row.operation == "create_payment":
        body = {**body, "revision": 1}
    elif row.operation == "create_gift_card_balance":
        card = shop.loaded()
        body = {"card": card["card"], "pin": card["pin"]}
    elif row.operation == "create_test_confirmation":
        body = {"answer": "yes"}
    return path, body


def call(row: str, path: str, body: Any, key: str | None, **headers: str) -> Any:
    client = APIClient()
    if key is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    method = row.partition(" ")[0].lower()
    if method == "post":
        headers["HTTP_IDEMPOTENCY_KEY"] = str(uuid4())
    return getattr(client, method)(f"{API}{path}", body, format="json", **headers)


def told(answer: Any, *known: str) -> tuple[int, str]:
    """Return an answer without what differs between any two: trace, the object's own number."""
    text = answer.content.decode().replace(answer["Trace-Id"], "…")
    for one in known:
        text = text.replace(one, "…")
    return answer.status_code, DIGITS.sub("…", text)


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert sorted(served()) == sorted(TABLE)
    assert {row.operation for row in TABLE.values()} == set(OPERATIONS)


@pytest.mark.timeout(240)
def test_only_the_scope_of_an_address_opens_it(shop: Shop) -> None:
    keys = {
        scope: key_of(shop.merchant, [scope], Mode.TEST if scope is Scope.TEST_CODES else Mode.LIVE)
        for scope in Scope
    }
    for name, row in TABLE.items():
        opened = {}
        for scope, key in keys.items():
            path, body = asked(shop, row)
            answer = call(name, path, body, key.text)
            opened[scope] = answer.status_code
            if scope is not row.scope:
                assert answer.json()["code"] == "scope_missing", (name, scope)
                assert answer.json()["scope"] == row.scope.value
        assert opened == dict.fromkeys(Scope, 403) | {row.scope: row.status}, name
    prove()


@pytest.mark.timeout(240)
def test_no_address_opens_without_a_key_that_stands(shop: Shop) -> None:
    gone = key_of(shop.merchant, live())
    revoke_api_key(merchant_id=shop.merchant.pk, key_id=gone.id, actor=SYSTEM, now=clock.now())
    wrong = gone.text[:-4] + "0000"
    for name, row in TABLE.items():
        path, body = asked(shop, row)
        for key in (None, "", "ok_live_nobody", wrong, gone.text):
            answer = call(name, path, body, key)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), (name, key)
            assert answer.json()["code"] in {"unauthenticated", "key_invalid", "key_revoked"}, (
                answer.json()
            )
    prove()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("asker", ["another merchant", "the other mode"])
def test_what_is_not_ones_own_is_as_if_it_were_nowhere(asker: str, shop: Shop) -> None:
    key = foreign(shop, asker)
    for name in ABOUT_ONE:
        answers = []
        for is_theirs in (True, False):
            mark = savepoint()
            path, body = asked(shop, TABLE[name])
            before = state_of(shop)
            theirs = path.split("/")[2 if path.startswith("test/") else 1]
            number = theirs if is_theirs else str(uuid4())
            answer = call(name, path.replace(theirs, number), placed(body, asker), key)
            answers.append(told(answer, number, str((body or {}).get("uuid", "…"))))
            # Where that number begins something new, that is one's own, and theirs is as it was.
            assert before == state_of(shop), name
            # The second finds what the first found: two shifts would be in each other's way.
            savepoint_rollback(mark)
        assert answers[0] == answers[1], name
    prove()


def test_a_gift_card_of_another_shop_is_as_unknown_as_one_that_never_was(shop: Shop) -> None:
    key = foreign(shop, "another merchant")
    theirs = shop.loaded()
    shown = {"card": theirs["card"], "pin": theirs["pin"]}
    never = {**shown, "card": gift_card_numbers.with_check_digits("6" * 14)}
    answers = [told(call("POST", "gift-card-balances", body, key)) for body in (shown, never)]
    assert answers[0] == answers[1]
    assert "gift_card_unknown" in answers[0][1]
    assert (
        call("POST", "gift-card-balances", shown, key_of(shop.merchant, live()).text).json()[
            "balance"
        ]
        == theirs["amount"]
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize("asker", VENDORS)
def test_a_vendors_own_key_opens_what_was_allowed_where_it_was_allowed(
    asker: str, shop: Shop
) -> None:
    vendor, code = vendor_of(shop, asker), VENDORS[asker]
    for name, row in TABLE.items():
        if row.scope is Scope.TEST_CODES:
            continue
        path, body = asked(shop, row)
        before = state_of(shop)
        answer = call(name, path, body, vendor.text, HTTP_OK_MERCHANT=shop.merchant.reference)
        if code is None:
            assert answer.status_code == row.status, (name, answer.content)
        else:
            assert (answer.status_code, answer.json()["code"]) == code, name
            assert before == state_of(shop), name
        # Nobody was named, or one who allowed nothing: whoever was allowed elsewhere.
        for headers in ({}, {"HTTP_OK_MERCHANT": "nobody"}):
            assert call(name, path, body, vendor.text, **headers).status_code in {401, 403}, name
    prove()


def vendor_of(shop: Shop, asker: str) -> IssuedKey:
    """Return a vendor's key as its asker has it."""
    partner = create_partner(reference="kassabouw", name="Kassabouw", actor=SYSTEM)
    asked: dict[str, Any] = {"partner_id": partner.pk, "actor": SYSTEM, "now": NOW}
    home = shop.world.kaashuis.merchant if asker == "allowed elsewhere" else shop.merchant
    if asker != "never allowed":
        grant_partner(merchant_id=home.pk, allowance=Allowance(live=live()), **asked)
    key = issue_partner_key(mode=Mode.LIVE, name="Rij", scopes=live(), **asked)
    if asker == "withdrawn":
        withdraw_partner(merchant_id=home.pk, **asked)
    if asker == "revoked":
        revoke_partner_key(prefix=key.text.split("_")[2], actor=SYSTEM, now=NOW)
    return key


def test_paying_in_the_same_call_needs_both_scopes(shop: Shop) -> None:
    body = shop.rung(payment={"tenders": [{"kind": "cash"}]})
    key = key_of(shop.merchant, [Scope.SALES_WRITE]).text
    answer = call("PUT", f"sales/{uuid4()}", body, key)
    assert (answer.status_code, answer.json()["scope"]) == (403, "payments:write")


def foreign(shop: Shop, asker: str) -> str:
    """Return a key that may do everything, elsewhere."""
    if asker == "the other mode":
        return key_of(shop.merchant, Scope, Mode.TEST).text
    cheese = shop.world.kaashuis
    cheese.open("webshop", "Webshop", Channel.ONLINE)
    sells_cards(shop.world.gouda)
    return key_of(cheese.merchant, live()).text


def placed(body: Any, asker: str) -> Any:
    """Return the body as somebody elsewhere would send it."""
    if not isinstance(body, dict):
        return body
    sent = {name: deepcopy(value) for name, value in body.items() if name != "code"}
    if asker == "another merchant" and sent.get("store") in {"haarlem", "leiden"}:
        sent["store"] = "gouda"
    return sent


def state_of(shop: Shop) -> list[str]:
    """Return what the merchant reads of the sale that everybody tried."""
    return [
        shop.call("GET", f"sales/{shop.sale}").content.decode(),
        shop.call("GET", f"sales/{shop.sale}/refunds").content.decode(),
    ]
