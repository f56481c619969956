"""A log line says what happened, and neither a code nor a secret."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
import structlog
from django.test import Client

from okplatform.kernel.tracing import traced

log = structlog.get_logger("tests.kernel.logs")

CODE = "9312345678901234567890"
SECRETS = [
    "ok_live_abcdefghijkl_0123456789abcdef",
    "ok_test_abcdefghijkl_0123456789abcdef",
    CODE,
    "93 1234567890 1234567890",
    "9312 3456 7890 1234 5678 90",
    "NL91ABNA0417164300",
    "NL91 ABNA 0417 1643 00",
    "DE89370400440532013000",
]


def lines(written: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_is_json_with_its_time_level_and_trace(written: StringIO) -> None:
    with traced("c" * 32):
        log.warning("parcel_lost", parcel="p")
    (line,) = lines(written)
    assert (line["event"], line["level"], line["parcel"]) == ("parcel_lost", "warning", "p")
    assert line["trace_id"] == "c" * 32
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_hidden_wherever_it_stands(written: StringIO, secret: str) -> None:
    log.warning("seen %s today", secret, note=f"it was {secret}.")
    log.warning("seen", facts={"inner": [f"it was {secret}", {"deeper": secret}]})
    logging.getLogger("a.library").warning("seen %s", secret)
    try:
        int(secret + "!")
    except ValueError:
        log.exception("failed")
        logging.getLogger("a.library").exception("failed")
    assert len(lines(written)) == 5
    assert secret not in written.getvalue()
    assert "[hidden]" in written.getvalue()


@pytest.mark.parametrize(
    "name", ["password", "new_password", "code", "api_key", "Authorization", "iban", "secret_key"]
)
def test_a_field_whose_name_says_secret_is_hidden(written: StringIO, name: str) -> None:
    log.warning("seen", **{name: "hunter2"})
    log.warning("seen", facts={"inner": [{name: "hunter2"}]})
    first, second = lines(written)
    assert first[name] == "[hidden]"
    assert second["facts"] == {"inner": [{name: "[hidden]"}]}


def test_what_is_no_secret_stays_readable(written: StringIO) -> None:
    log.warning("sale 12345 of € 18,40", status_code=200, number=7, trace="4bf92f3577b34da6a3ce")
    (line,) = lines(written)
    assert line["event"] == "sale 12345 of € 18,40"
    assert (line["status_code"], line["number"]) == (200, 7)
    assert line["trace"] == "4bf92f3577b34da6a3ce"


@pytest.mark.django_db
def test_a_request_is_one_line_without_its_address_in_full(
    client: Client, written: StringIO
) -> None:
    client.get(f"/api/v1/sales/{CODE}?code={CODE}")
    requests = [line for line in lines(written) if line["event"] == "request"]
    (line,) = requests
    assert (line["method"], line["status_code"]) == ("GET", 404)
    assert line["ms"] >= 0
    assert CODE not in written.getvalue()
