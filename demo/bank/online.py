"""Payments that others initiate and the bank's customers approve: NextGenPSD2, the bank's side."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from demo.bank.agenda import plan
from demo.bank.books import Books, Payment, Row
from demo.bank.orders import use_order
from demo.bank.settling import settle
from demo.bank.values import cents, is_iban, stored

WAITS = timedelta(minutes=15)
"""How long a customer has to approve."""
IDS = UUID("6f1c9d52-6f0e-4f6e-9a53-0d6b1a4e2c77")


class NotTaken(Exception):  # noqa: N818 -- it is the request that is not taken
    """A request that the bank does not take, with HTTP's status and the standard's code."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an initiation asks for; the amount in cents."""

    end_to_end_id: str
    debtor_iban: str
    creditor_iban: str
    creditor_name: str
    amount: int
    text: str


def initiate(books: Books, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Row:
    """Take a request in and return what is kept of it; the same request is taken once."""
    wish, request_id = _wish(body), _request_id(headers)
    digest = hashlib.sha256(body).hexdigest()
    known = books.rows("SELECT * FROM initiation WHERE request_id = ?", request_id)
    if known and known[0]["body_sha256"] != digest:
        raise NotTaken(400, "FORMAT_ERROR", "This X-Request-ID was used for something else.")
    if known and use_order(books, "forget_request") is None:
        return known[0]
    if not headers.get("psu-ip-address"):
        raise NotTaken(400, "FORMAT_ERROR", "PSU-IP-Address is missing.")
    ok_uri = headers.get("tpp-redirect-uri", "")
    if urlsplit(ok_uri).scheme not in {"http", "https"}:
        raise NotTaken(400, "FORMAT_ERROR", "TPP-Redirect-URI is missing.")
    name = str(uuid5(IDS, f"{request_id} {len(known)}"))
    books.change(
        "INSERT INTO initiation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', NULL, ?)",
        name,
        request_id,
        digest,
        wish.end_to_end_id,
        wish.debtor_iban,
        wish.creditor_iban,
        wish.creditor_name,
        wish.amount,
        wish.text,
        ok_uri,
        headers.get("tpp-nok-redirect-uri", ok_uri),
        stored(at),
        int(use_order(books, "debit_only") is not None),
    )
    return found(books, name, at=at)


def found(books: Books, name: str, *, at: datetime) -> Row:
    """Return an initiation by its id, rejected if its customer took too long."""
    books.change(
        "UPDATE initiation SET state = 'rejected'"
        " WHERE id = ? AND state = 'received' AND received_at <= ?",
        name,
        stored(at - WAITS),
    )
    rows = books.rows("SELECT * FROM initiation WHERE id = ?", name)
    if not rows:
        raise NotTaken(404, "RESOURCE_UNKNOWN", "There is no such payment.")
    return rows[0]


def status_of(books: Books, initiation: Row) -> str:
    """Say where a payment stands, in the words of ISO 20022."""
    simple = {"received": "RCVD", "rejected": "RJCT", "cancelled": "CANC"}
    if initiation["state"] in simple:
        return simple[initiation["state"]]
    (payment,) = books.payments("id = ?", initiation["payment"])
    if payment.state == "waiting":
        return "ACSP"
    return "ACSC" if initiation["says_debit_only"] else "ACCC"


def approve(books: Books, initiation: Row, *, at: datetime) -> bool:
    """Pay what a customer approved, if it is there; false if it is not."""
    if initiation["state"] != "received":
        return bool(initiation["state"] == "approved")
    for iban, name, is_house in (
        (initiation["debtor_iban"], "", False),
        (initiation["creditor_iban"], initiation["creditor_name"], True),
    ):
        books.open_account(iban, name, at=at, is_house=is_house)
    if books.balance(initiation["debtor_iban"]) < initiation["amount"]:
        _move(books, initiation, "rejected")
        return False
    late = use_order(books, "delay_credit") or {"minutes": 0}
    due_at = at + timedelta(minutes=late["minutes"])
    payment = books.add(
        Payment(
            kind="incoming",
            is_instant=1,
            end_to_end_id=initiation["end_to_end_id"],
            house_iban=initiation["creditor_iban"],
            iban=initiation["debtor_iban"],
            name=books.name_of(initiation["debtor_iban"]),
            amount=initiation["amount"],
            text=initiation["text"],
            due_at=stored(due_at),
        )
    )
    plan(books, due_at, "settle")
    if due_at <= at:
        # Instant is now: whoever goes back to the shop finds it paid.
        settle(books, at=at)
    _move(books, initiation, "approved", payment)
    return True


def refuse(books: Books, initiation: Row) -> None:
    """Let a customer say no."""
    if initiation["state"] == "received":
        _move(books, initiation, "cancelled")


def _move(books: Books, initiation: Row, state: str, payment: int | None = None) -> None:
    books.change(
        "UPDATE initiation SET state = ?, payment = ? WHERE id = ?",
        state,
        payment,
        initiation["id"],
    )


def _request_id(headers: Mapping[str, str]) -> str:
    try:
        return str(UUID(headers.get("x-request-id", "")))
    except ValueError as error:
        raise NotTaken(400, "FORMAT_ERROR", "X-Request-ID is no UUID.") from error


def _wish(body: bytes) -> Wish:
    try:
        given: dict[str, Any] = json.loads(body)
        wish = Wish(
            end_to_end_id=str(given.get("endToEndIdentification", "")),
            debtor_iban=str(given["debtorAccount"]["iban"]),
            creditor_iban=str(given["creditorAccount"]["iban"]),
            creditor_name=str(given["creditorName"]),
            amount=_amount(given["instructedAmount"]),
            text=str(given.get("remittanceInformationUnstructured", "")),
        )
    except (ValueError, LookupError, TypeError) as error:
        raise NotTaken(400, "FORMAT_ERROR", f"Something is missing: {error}") from error
    if not (is_iban(wish.debtor_iban) and is_iban(wish.creditor_iban)):
        raise NotTaken(400, "FORMAT_ERROR", "An IBAN is wrong.")
    if len(wish.end_to_end_id) > 35 or len(wish.creditor_name) > 70 or len(wish.text) > 140:
        raise NotTaken(400, "FORMAT_ERROR", "A text is too long.")
    return wish


def _amount(given: Mapping[str, Any]) -> int:
    amount = cents(str(given["amount"]))
    if given["currency"] != "EUR" or not amount:
        raise ValueError("instructedAmount")
    return amount
