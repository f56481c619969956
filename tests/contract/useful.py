"""Makes generated calls useful: codes that a phone shows, sales that exist, amounts that add up.

A schema cannot say that a currency is the store's, or that lines exclude an amount: left to chance
one call in a thousand would sell anything. What is meant to be wrong stays as it is.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zlib import crc32

from okplatform.kernel import clock
from tests.contract.shop import TestShop

Body = dict[str, Any]
LARGEST = 4_000
ASKED_FOR = 24_900
"""So much a phone must confirm."""


def choose(body: object, *options: Any) -> Any:
    """Return one of the options, the same one for the same call."""
    return options[crc32(repr(body).encode()) % len(options)]


def _cards(shop: TestShop) -> list[str]:
    return shop.known.get("card", [])


def _tenders(shop: TestShop, body: Body) -> list[Body]:
    cards = [{"kind": "gift_card", "card": card} for card in _cards(shop)]
    kinds = [{"kind": "ok"}, {"kind": "ok"}, {"kind": "pin"}, {"kind": "cash"}, *cards]
    first = choose((body, "first"), *kinds)
    second = choose((body, "second"), None, None, {"kind": "ok"}, {"kind": "pin"})
    if second is None or second["kind"] == first["kind"]:
        return [first]
    return [{**first, "amount": choose(body, 1, 100, 500)}, second]


def _paid(shop: TestShop, body: Body) -> None:
    body["tenders"] = _tenders(shop, body)
    body["amount_due"] = choose(body, None, None, None, body.get("amount_due"))


def _lines(body: Body) -> None:
    for line in body.get("lines") or ():
        line["amount"] = choose(line, None, None, None, line.get("amount"))
        price = line["unit_price"] % LARGEST
        dear = 500 + price
        line["unit_price"] = choose((line, "price"), 0, price, dear, dear, dear, ASKED_FOR)
        some = 1 if line.get("unit", "piece") == "piece" else 1_000
        line["quantity"] = some * (1 + line.get("quantity", 1) % 3)


def _at(body: Body, store: str = "utrecht") -> None:
    body["currency"] = "EUR"
    _here(body, store)


def _here(body: Body, store: str = "utrecht") -> None:
    body["store"] = choose((body, "store"), *[store] * 7, body.get("store"))
    if store == "utrecht":
        body["terminal"] = choose((body, "terminal"), None, "kassa-1")


def _sale(shop: TestShop, body: Body) -> None:
    _at(body)
    _lines(body)
    body["payment"] = choose((body, "payment"), {}, {}, None)
    if body["payment"] is not None:
        _paid(shop, body["payment"])
    code = shop.code()
    body["code"] = choose((body, "code"), *[code] * 6, None, body.get("code"))
    body["revision"] = 1 + body["revision"] % 1_000
    body["coupons"] = choose(body, [], [], body.get("coupons", []))
    if body["code"] is None or choose((body, "points"), 0, 1, 2, 3):
        body["points"] = body["reward"] = None


def _refund(_shop: TestShop, body: Body) -> None:
    _here(body)
    by_line = [{"number": 1, "quantity": choose(body, 1, 1, 2)}]
    body["uuid"] = choose((body, "uuid"), *[str(uuid4())] * 7, body["uuid"])
    body["lines"], body["amount"] = choose(body, (by_line, None), (None, 1), (None, 250))
    body["tenders"] = choose((body, "tenders"), None, None, body.get("tenders"))


def _online(_shop: TestShop, body: Body) -> None:
    _at(body, "webshop")
    body["coupons"] = []
    if choose((body, "by"), 0, 1) and body.get("lines"):
        _lines(body)
        body["amount"] = None
    else:
        body["lines"] = []
        body["amount"] = 1 + (body.get("amount") or 0) % LARGEST
        body["description"] = body.get("description") or "Boek"
    body["return_url"] = choose(body, "", "https://shop.example.nl/thanks")
    body["capture"] = choose((body, "capture"), "manual", "manual", "automatic")


def _link(_shop: TestShop, body: Body) -> None:
    _here(body, "webshop")
    fixed = (1_250, None, None)
    body["amount"], body["least"], body["most"] = choose(body, fixed, fixed, (None, 500, 5_000))
    body["expires_at"] = choose((body, "until"), None, "2126-01-01T00:00:00+01:00")


def _load(shop: TestShop, body: Body) -> None:
    _at(body)
    body["card"] = choose(body, "", *_cards(shop))
    body["amount"] = 500 + body["amount"] % LARGEST


def _balance(shop: TestShop, body: Body) -> None:
    _here(body)
    body.pop("store")
    body["card"], body["pin"] = choose(body, *_cards(shop), "6999000000000000000"), ""


def _proof(shop: TestShop, body: Body) -> None:
    _here(body)
    body["code"] = shop.code()


def _costs(_shop: TestShop, body: Body) -> None:
    cost = body["costs"][0]["cost"]
    body["costs"] = choose(body, [{"sku": "desem", "cost": cost}], body["costs"])


def _code(shop: TestShop, body: Body) -> None:
    body["person"] = choose(
        body, shop.shopper.person.email, shop.shopper.person.email, body["person"]
    )


def _shift(_shop: TestShop, body: Body) -> None:
    _here(body)
    body["terminal"] = choose((body, "till"), *["kassa-1"] * 7, body.get("terminal"))
    for moment in ("opened_at", "closed_at"):
        body[moment] = choose((body, moment), None, None, None, body.get(moment))


def _clock(_shop: TestShop, body: Body) -> None:
    """A moment ahead, or far back: years ahead nothing else would be left to try."""
    soon = (clock.now() + timedelta(seconds=1)).isoformat()
    body["now"] = choose(body, soon, soon, "2020-01-01T00:00:00Z")


def _reset(_shop: TestShop, body: Body) -> None:
    """The first one resets, and no other: what a call has made is to be there for the next."""
    body["epoch"] = choose(body, 0, 0, 0, 1_000_000)


BODIES: Mapping[str, Callable[[TestShop, Body], None]] = {
    "put_sale": _sale,
    "create_payment": _paid,
    "create_refund": _refund,
    "create_online_payment": _online,
    "create_payment_link": _link,
    "put_gift_card_load": _load,
    "create_gift_card_balance": _balance,
    "create_proof_check": _proof,
    "create_test_code": _code,
    "put_product_costs": _costs,
    "put_shift": _shift,
    "put_test_clock": _clock,
    "create_test_reset": _reset,
}
"""By the document's name of an operation."""


def _whole(body: Any) -> Any:
    """Write whole numbers as such: to JSON Schema 7.0 is an integer, to us an amount is 7."""
    if isinstance(body, dict):
        return {name: _whole(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_whole(value) for value in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body


OF_STORES = {"list_shifts", "list_unsettled_sales"}

FITTING = {
    "create_payment": "sales open",
    "create_refund": "sales closed",
    "list_refunds": "sales closed",
    "create_test_confirmation": "sales asked",
    "capture_online_payment": "payments authorised",
}
"""What a call is about where it follows no link, see ``states_of``."""


def states_of(path: str, told: Body) -> list[str]:
    """Return under which names an answer's object is remembered: by its kind, and by its state."""
    kind = kind_of(path)
    asked = (told.get("confirmation") or {}).get("state")
    return [kind, f"{kind} {asked or told.get('state')}"]


def make_useful(shop: TestShop, operation: str, case: Any) -> None:
    """Change a call that fits the document, so that it means something in this shop."""
    case.body = _whole(case.body)
    if operation in BODIES and isinstance(case.body, dict):
        BODIES[operation](shop, case.body)
    if operation in OF_STORES:
        said = dict(case.query or {})
        place = {"store": "utrecht"}
        case.query = choose(said, said, *[said | place] * 7)
    if case.headers and "Idempotency-Key" in case.headers:
        # One in eight is a key that came before, as whoever sends again has it.
        case.headers["Idempotency-Key"] = choose(str(uuid4()), *[str(uuid4())] * 7, "again")
    _place(shop, operation, case)
    if operation == "put_offline_sale" and choose(case.body, 1, 1, 1, 0):
        _sell_in_the_dark(shop, case)


def _sell_in_the_dark(shop: TestShop, case: Any) -> None:
    """Sell this UUID without a network: what is signed cannot be made up."""
    uuid = UUID(case.path_parameters["uuid"])
    _uuid, body = shop.dark.sells(shop.code(), uuid=uuid)
    case.body = {**body, "store": "utrecht", "terminal": "kassa-1"}


def _place(shop: TestShop, operation: str, case: Any) -> None:
    """Ask about what exists, and put what does not; but a link knows better."""
    uuid = (case.path_parameters or {}).get("uuid")
    known = shop.known.get(kind_of(case.path), [])
    if uuid is None or uuid in known:
        return
    fresh = str(uuid4())
    if operation.startswith("put_"):
        case.path_parameters["uuid"] = choose(fresh, *known, *[fresh] * 9)
    else:
        fitting = shop.known.get(FITTING.get(operation, ""), known)
        case.path_parameters["uuid"] = choose(fresh, *fitting * 2, *known, fresh)


def kind_of(path: str) -> str:
    """Return what an address is about: "sales", "payments", "payment-links", "gift-card-loads"."""
    return path.removeprefix("/api/v1/").removeprefix("test/").partition("/")[0]
