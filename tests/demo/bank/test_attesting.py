"""The bank attests what its customers let it, for whoever asks properly."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from demo.bank.attesting import ISSUER
from demo.bank.bank import Bank
from demo.bank.clock import Clock
from demo.bank.counter import Counter, Request

ASKED = {
    "client_id": "https://ok.example",
    "redirect_uri": "https://ok.example/back/",
    "nonce": "n-1",
    "scope": "openid age_over_18",
}
HEADERS = {"host": "bank.example", "accept-language": "en"}


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    bank = Bank(tmp_path)
    yield Counter(bank, Clock(None))
    bank.close()


def asks(**changed: str) -> Request:
    query = urlencode(ASKED | changed)
    return Request(method="GET", path="/attest", headers=HEADERS, query=query)


def decides(**said: str) -> Request:
    body = urlencode(ASKED | said).encode()
    return Request(method="POST", path="/attest", headers=HEADERS, body=body)


def test_it_signs_what_its_customer_says_with_the_key_it_publishes(counter: Counter) -> None:
    assert b"18 or older?" in counter.answer(asks()).body
    reply = counter.answer(decides(decision="no"))
    (token,) = parse_qs(urlsplit(reply.headers["Location"]).query)["id_token"]
    keys = Request(method="GET", path="/attest/keys", headers=HEADERS)
    (key,) = json.loads(counter.answer(keys).body)["keys"]
    assert "d" not in key
    said = jwt.decode(token, jwt.PyJWK(key), ["ES256"], audience=ASKED["client_id"])
    assert (said["iss"], said["nonce"]) == (ISSUER, "n-1")
    assert said["age_over_18"] is False
    assert datetime.fromtimestamp(said["exp"], UTC) > datetime.fromtimestamp(said["iat"], UTC)


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": ""},
        {"scope": "openid income"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"redirect_uri": "https://ok.example.elsewhere.example/"},
    ],
)
def test_what_is_no_request_is_neither_shown_nor_signed(
    counter: Counter, changed: dict[str, str]
) -> None:
    assert counter.answer(asks(**changed)).status == 400
    assert counter.answer(decides(decision="yes", **changed)).status == 400


def test_without_a_decision_nothing_is_signed(counter: Counter) -> None:
    assert counter.answer(decides()).status == 400
