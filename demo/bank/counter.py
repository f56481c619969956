"""What the bank answers when it is called: a request in, an answer out; one at a time."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qs

from demo.bank import attesting, online, site
from demo.bank.attesting import Attester
from demo.bank.bank import Bank
from demo.bank.books import Row
from demo.bank.clock import Clock
from demo.bank.names import CLOSE, compared
from demo.bank.orders import fate_of_call
from demo.bank.seals import Unsealed, require_seal

PRODUCT = "/v1/payments/instant-sepa-credit-transfers"
NAMES = "/vop/v1/payee-verifications"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call; names of headers in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer. ``is_lost`` is one that never arrives."""

    status: int = HTTPStatus.OK
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_lost: bool = False


class Counter:
    """Where the bank is called; ``turn`` is held by whoever touches its books."""

    def __init__(self, bank: Bank, clock: Clock) -> None:
        self.turn = threading.Lock()
        self._bank = bank
        self._books = bank.books
        self._clock = clock
        self._attester = Attester(bank.folder)

    def put_up(self, address: str) -> None:
        """Write down where the bank answers, for whoever wants to be its customer."""
        (self._bank.folder / "address").write_text(f"{address}\n")

    def answer(self, request: Request) -> Reply:
        """Do what a request asks, whole or not at all, and answer it."""
        with self.turn:
            now = self._bank.moment(self._clock.now())
            try:
                with self._books.transaction():
                    return self._answer(request, now)
            except online.NotTaken as error:
                return _no(error.status, error.code, str(error))
            except Unsealed as error:
                return _no(HTTPStatus.UNAUTHORIZED, error.code, str(error))

    def _answer(self, request: Request, now: datetime) -> Reply:
        call = _call_of(request)
        if call:
            return self._api(call, request, now)
        parts = request.path.strip("/").split("/")
        match (request.method, parts):
            case ("GET", ["consent", name]):
                found = online.found(self._books, name, at=now)
                page = site.consent(found, english=_reads_english(request))
                return Reply(body=page, kind=site.HTML)
            case ("POST", ["consent", name]):
                return self._decide(online.found(self._books, name, at=now), request, now)
            case (_, ["attest", *_rest]):
                return self._attest(request, now)
            case ("GET", ["accounts", iban]):
                page = site.account(self._books, iban, english=_reads_english(request))
                return Reply(body=page, kind=site.HTML)
            case _:
                return _no(HTTPStatus.NOT_FOUND, "RESOURCE_UNKNOWN", "Nothing is here.")

    def _api(self, call: str, request: Request, now: datetime) -> Reply:
        fate = fate_of_call(self._books, call)
        if fate == "fail_call":
            return _no(
                HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Something went wrong."
            )
        if call == "names":
            reply = self._names(request)
        else:
            require_seal(self._books, request.headers, request.body, at=now)
            reply = self._payment(call, request, now)
        return Reply(is_lost=True) if fate == "lose_answer" else reply

    def _payment(self, call: str, request: Request, now: datetime) -> Reply:
        if call == "status":
            name = request.path.removeprefix(f"{PRODUCT}/").removesuffix("/status")
            found = online.found(self._books, name, at=now)
            return _json(HTTPStatus.OK, {"transactionStatus": online.status_of(self._books, found)})
        made = online.initiate(self._books, request.headers, request.body, at=now)
        path = f"{PRODUCT}/{made['id']}"
        links = {
            "scaRedirect": {"href": f"http://{request.headers['host']}/consent/{made['id']}"},
            "self": {"href": path},
            "status": {"href": f"{path}/status"},
        }
        told = {
            "transactionStatus": online.status_of(self._books, made),
            "paymentId": made["id"],
            "_links": links,
        }
        headers = {"Location": path, "ASPSP-SCA-Approach": "REDIRECT"}
        return _json(HTTPStatus.CREATED, told, headers)

    def _names(self, request: Request) -> Reply:
        try:
            asked = json.loads(request.body)
            iban, name = str(asked["partyAccount"]["iban"]), str(asked["party"]["name"])
        except (ValueError, LookupError, TypeError) as error:
            raise online.NotTaken(400, "FORMAT_ERROR", f"Something is missing: {error}") from error
        known = self._books.name_of(iban)
        match = compared(name, known)
        told = {"partyNameMatch": match} | ({"matchedName": known} if match == CLOSE else {})
        return _json(HTTPStatus.OK, told)

    def _attest(self, request: Request, now: datetime) -> Reply:
        """Say of a customer what they let the bank say; publish the key it is signed with."""
        if (request.method, request.path) == ("GET", "/attest/keys"):
            return Reply(body=self._attester.keys())
        if request.method == "GET":
            page = attesting.page(request.query, english=_reads_english(request))
            if page is not None:
                return Reply(body=page, kind=site.HTML)
        else:
            back = self._attester.way_back(request.body, at=now)
            if back is not None:
                return Reply(status=HTTPStatus.SEE_OTHER, headers={"Location": back})
        return _no(HTTPStatus.BAD_REQUEST, "FORMAT_ERROR", "This is no request to attest.")

    def _decide(self, initiation: Row, request: Request, now: datetime) -> Reply:
        chosen = parse_qs(request.body.decode("ascii", "replace")).get("decision", [""])[0]
        if chosen == "approve":
            done = online.approve(self._books, initiation, at=now)
        else:
            online.refuse(self._books, initiation)
            done = False
        target = initiation["ok_uri"] if done else initiation["nok_uri"]
        return Reply(status=HTTPStatus.SEE_OTHER, headers={"Location": target})


def _call_of(request: Request) -> str:
    """Say which call of the interface this is; empty for a page."""
    if (request.method, request.path) == ("POST", PRODUCT):
        return "initiate"
    if (request.method, request.path) == ("POST", NAMES):
        return "names"
    is_status = request.path.startswith(f"{PRODUCT}/") and request.path.endswith("/status")
    return "status" if request.method == "GET" and is_status else ""


def _reads_english(request: Request) -> bool:
    return request.headers.get("accept-language", "").lower().startswith("en")


def _json(status: int, told: object, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status=status, body=json.dumps(told).encode(), headers=headers or {})


def _no(status: int, code: str, sentence: str) -> Reply:
    message = {"category": "ERROR", "code": code, "text": sentence}
    return _json(status, {"tppMessages": [message]})
