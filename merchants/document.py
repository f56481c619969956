"""What the OpenAPI document says beyond each operation: problems by status, links, tags, servers.

Answers lead to the next call by links, which a reader sees and a tester follows (OpenAPI 3.1, "Link
Object"). A problem is `application/problem+json` (RFC 9457), one response for each status.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "patch")
PROBLEM_TYPE = "application/problem+json"

ABOUT = """\
Sell, take payments and give back, at tills and in webshops, for one merchant.

Every sale has a UUID of yours: whatever is lost, sent twice or late, it pays once. Refusals are
problem details (RFC 9457): branch on `code`, show `detail`; all codes stand in `/api/docs/errors/`.
Amounts are integers in minor units (cents). Start with `docs/quick-start.md`."""

TAGS = {
    "sales": "One sale at a till under one UUID: quote, pay, ask, give up.",
    "offline tills": "What a till sells without a network: its allowance, its key, its log.",
    "shifts": "Opened and closed at a till, with what they came to.",
    "refunds": "What comes back of a sale, in any store of the merchant.",
    "online payments": "A shopper pays on a page of OK; take it at once or in parts.",
    "payment links": "An address that makes a payment for whoever opens it.",
    "gift cards": "Sell one, top it up, take that back, ask what is on it.",
    "proofs": "Yes or no to one thing about whoever stands there.",
    "products": "What products cost the merchant.",
    "ledger": "The merchant's own entries, one after another.",
    "sandbox": "Test people: what their phones would show and answer.",
}
"""By what an address begins with, see ``PLACES``."""

PLACES = {
    "/api/v1/sales/{uuid}/refunds": "refunds",
    "/api/v1/sales": "sales",
    "/api/v1/unsettled-sales": "sales",
    "/api/v1/offline-": "offline tills",
    "/api/v1/shifts": "shifts",
    "/api/v1/payments": "online payments",
    "/api/v1/payment-links": "payment links",
    "/api/v1/gift-card": "gift cards",
    "/api/v1/proof-checks": "proofs",
    "/api/v1/product-costs": "products",
    "/api/v1/ledger-entries": "ledger",
    "/api/v1/test/": "sandbox",
}
UUIDS = {
    "sales": "The sale's UUID: yours, made and kept before you first send it.",
    "offline tills": "The sale's UUID: yours, made and kept before you first send it.",
    "shifts": "The shift's UUID: yours, made and kept before you first send it.",
    "refunds": "The UUID of the sale that it comes back of.",
    "online payments": "`id` of the payment.",
    "payment links": "`id` of the link.",
    "gift cards": "The load's UUID: yours, made and kept before you first send it.",
    "sandbox": "The sale's UUID.",
}

PROBLEMS = {
    400: ("Unreadable", "The body is no JSON, or the Idempotency-Key is none."),
    401: ("Unauthenticated", "No API key, or one that is unknown, revoked or of another time."),
    403: ("NotAllowed", "The key lacks the scope that this address needs."),
    404: ("NotFound", "Not there, or another merchant's: both read the same."),
    409: ("Conflict", "As things stand it cannot be; `code` says why, and what was kept."),
    410: ("Gone", "It is no more: a place in a list; in the sandbox, what is from before a reset."),
    413: ("TooLarge", "The body is larger than a megabyte."),
    415: ("NotJson", "The body is not sent as application/json."),
    422: ("Invalid", "It does not fit: `errors` names the fields, or `code` the rule."),
    429: ("TooMany", "Too many calls; `retry_after` says in how many seconds to come back."),
}
"""Status, the name of its response in the document, and what it means."""

OF_EVERY_CALL = (401, 403, 429)
OF_BODIES = (400, 413, 415, 422)
OF_ADDRESSES = (404,)
OF_KEYS = (400, 409, 422)
OF_QUERIES = (422,)
OTHERS: Mapping[str, tuple[int, ...]] = {
    "list_ledger_entries": (410,),
    "put_sale": (409, 410),
    "get_sale": (409, 410),
    "stream_sale": (409, 410),
    "delete_sale": (409, 410),
    "create_payment": (409, 410),
    "create_refund": (409, 410),
    "list_refunds": (409, 410),
    "create_payment_link": (404,),
    "create_online_payment": (404,),
    "put_gift_card_load": (409,),
    "delete_gift_card_load": (409,),
    "create_gift_card_balance": (404, 409),
    "create_proof_check": (404, 409),
    "put_product_costs": (409,),
    "get_offline_allowance": (404,),
    "put_offline_key": (404, 409),
    "put_offline_sale": (409, 410),
    "put_shift": (409,),
    "list_shifts": (404,),
    "list_unsettled_sales": (404,),
    "create_test_code": (404,),
    "put_test_clock": (409,),
    "create_test_reset": (409,),
    "create_test_confirmation": (409, 410),
}
"""What an operation refuses besides, by its name."""

SALE = {"uuid": "$response.body#/uuid"}
PAID = {"uuid": "$response.body#/sale"}
BY_ID = {"uuid": "$response.body#/id"}

# Name of the link: from which operation and status, to which, with which parameters and fields.
LINKS: Mapping[str, tuple[str, int, str, Mapping[str, str], Mapping[str, str]]] = {
    "show_the_code": ("create_test_code", 201, "put_sale", {}, {"code": "$response.body#/code"}),
    "ask_a_proof": (
        "create_test_code",
        201,
        "create_proof_check",
        {},
        {"code": "$response.body#/code"},
    ),
    "ask_for_the_verdict": ("put_sale", 200, "get_sale", SALE, {}),
    "change_the_lines": ("put_sale", 200, "put_sale", SALE, {}),
    "pay_the_quote": (
        "put_sale",
        200,
        "create_payment",
        SALE,
        {"revision": "$response.body#/revision"},
    ),
    "answer_on_the_phone": ("put_sale", 200, "create_test_confirmation", SALE, {}),
    "give_the_sale_up": ("put_sale", 200, "delete_sale", SALE, {}),
    "give_the_paid_sale_back": ("put_sale", 200, "create_refund", SALE, {}),
    "ask_again": ("get_sale", 200, "get_sale", SALE, {}),
    "pay_what_was_read": (
        "get_sale",
        200,
        "create_payment",
        SALE,
        {"revision": "$response.body#/revision"},
    ),
    "give_up_what_was_read": ("get_sale", 200, "delete_sale", SALE, {}),
    "see_what_came_of_it": ("create_payment", 200, "get_sale", SALE, {}),
    "answer_the_payment": ("create_payment", 200, "create_test_confirmation", SALE, {}),
    "give_back": ("create_payment", 200, "create_refund", SALE, {}),
    "too_late_to_give_up": ("create_payment", 200, "delete_sale", SALE, {}),
    "see_the_answer": ("create_test_confirmation", 200, "get_sale", SALE, {}),
    "give_the_answered_back": ("create_test_confirmation", 200, "create_refund", SALE, {}),
    "see_that_it_ended": ("delete_sale", 200, "get_sale", SALE, {}),
    "list_what_came_back": ("create_refund", 201, "list_refunds", PAID, {}),
    "give_more_back": ("create_refund", 201, "create_refund", PAID, {}),
    "see_the_sale": ("list_refunds", 200, "get_sale", PAID, {}),
    "ask_the_payment": ("create_online_payment", 201, "get_online_payment", BY_ID, {}),
    "capture": ("create_online_payment", 201, "capture_online_payment", BY_ID, {}),
    "cancel": ("create_online_payment", 201, "cancel_online_payment", BY_ID, {}),
    "capture_more": ("capture_online_payment", 201, "capture_online_payment", BY_ID, {}),
    "release_the_rest": ("capture_online_payment", 201, "cancel_online_payment", BY_ID, {}),
    "give_the_captured_back": ("capture_online_payment", 201, "create_refund", PAID, {}),
    "see_the_cancelled": ("cancel_online_payment", 200, "get_online_payment", BY_ID, {}),
    "give_the_payment_back": ("get_online_payment", 200, "create_refund", PAID, {}),
    "see_the_first": (
        "list_online_payments",
        200,
        "get_online_payment",
        {"uuid": "$response.body#/payments/0/id"},
        {},
    ),
    "read_the_next_page": (
        "list_online_payments",
        200,
        "list_online_payments",
        {"cursor": "$response.body#/next_cursor"},
        {},
    ),
    "look_at_the_link": ("create_payment_link", 201, "get_payment_link", BY_ID, {}),
    "close_the_link": ("create_payment_link", 201, "close_payment_link", BY_ID, {}),
    "see_the_closed": ("close_payment_link", 200, "get_payment_link", BY_ID, {}),
    "look_at_the_first": (
        "list_payment_links",
        200,
        "get_payment_link",
        {"uuid": "$response.body#/links/0/id"},
        {},
    ),
    "read_more_links": (
        "list_payment_links",
        200,
        "list_payment_links",
        {"cursor": "$response.body#/next_cursor"},
        {},
    ),
    "settle_the_first": (
        "list_unsettled_sales",
        200,
        "get_sale",
        {"uuid": "$response.body#/sales/0/uuid"},
        {},
    ),
    "see_the_dark_sale": ("put_offline_sale", 200, "get_sale", SALE, {}),
    "give_the_dark_sale_back": ("put_offline_sale", 200, "create_refund", SALE, {}),
    "read_the_shift": ("put_shift", 200, "get_shift", SALE, {}),
    "close_the_shift": ("put_shift", 200, "put_shift", SALE, {"state": "closed"}),
    "read_the_last_shift": (
        "list_shifts",
        200,
        "get_shift",
        {"uuid": "$response.body#/shifts/0/uuid"},
        {},
    ),
    "take_the_load_back": ("put_gift_card_load", 200, "delete_gift_card_load", SALE, {}),
    "ask_what_is_on_it": (
        "put_gift_card_load",
        200,
        "create_gift_card_balance",
        {},
        {"card": "$response.body#/card", "pin": "$response.body#/pin"},
    ),
    "top_it_up": (
        "put_gift_card_load",
        200,
        "put_gift_card_load",
        {},
        {"card": "$response.body#/card"},
    ),
    "read_on": (
        "list_ledger_entries",
        200,
        "list_ledger_entries",
        {"after": "$response.body#/next"},
        {},
    ),
}


def complete(result: Document, **_spectacular: Any) -> Document:
    """Be drf-spectacular's last hook: write what all operations say in the same way."""
    result["info"]["description"] = ABOUT
    result["servers"] = [{"url": "/", "description": "The OK that serves this document."}]
    result["tags"] = [{"name": name, "description": about} for name, about in TAGS.items()]
    result["components"]["responses"] = {
        name: _response(status, about) for status, (name, about) in PROBLEMS.items()
    }
    for path, operation in _operations(result):
        tag = next((tag for start, tag in PLACES.items() if path.startswith(start)), None)
        if tag is not None:
            operation["tags"] = [tag]
            _describe_uuid(operation, UUIDS.get(tag, ""))
            _problems(operation)
            _links(operation)
    return result


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, described in document["paths"].items():
        for method in METHODS:
            if method in described:
                yield path, described[method]


def _response(status: int, about: str) -> Document:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    response: Document = {"description": about, "content": {PROBLEM_TYPE: problem}}
    if status == 429:
        wait = {"schema": {"type": "integer"}, "description": "Seconds."}
        response["headers"] = {"Retry-After": wait}
    return response


def _describe_uuid(operation: Document, about: str) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter.setdefault("description", about)


def _problems(operation: Document) -> None:
    """Put one response per status in the place of "4XX"."""
    asked = {parameter["in"]: parameter["name"] for parameter in operation.get("parameters", ())}
    statuses = {*OF_EVERY_CALL, *OTHERS.get(operation["operationId"], ())}
    for is_there, more in (
        ("requestBody" in operation, OF_BODIES),
        ("path" in asked, OF_ADDRESSES),
        ("header" in asked, OF_KEYS),
        ("query" in asked, OF_QUERIES),
    ):
        statuses |= set(more) if is_there else set()
    responses = operation["responses"]
    del responses["4XX"]
    for status in sorted(statuses):
        name = PROBLEMS[status][0]
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}


def _links(operation: Document) -> None:
    for name, (source, status, target, parameters, fields) in LINKS.items():
        if source != operation["operationId"]:
            continue
        link: Document = {"operationId": target, "description": name.replace("_", " ").capitalize()}
        if parameters:
            link["parameters"] = dict(parameters)
        if fields:
            # These of its fields; the others are yours to say.
            link["requestBody"] = dict(fields)
        operation["responses"][str(status)].setdefault("links", {})[name] = link
