"""Whatever goes wrong, a program hears it as one problem document (RFC 9457)."""

from io import StringIO
from typing import Any

import pytest
from rest_framework.test import APIClient

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.probe")]

JSON = "application/json"


def post(body: Any, *, address: str = "/takes", kind: str = JSON) -> Any:
    return APIClient().generic("POST", address, body, content_type=kind)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return the document, after checking what every one has."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"].endswith(f"#{code}")
    assert document["title"]
    assert document["detail"]
    assert document["trace_id"] == answer["Trace-Id"]
    return document


def test_a_nul_which_no_text_of_ours_can_hold_is_refused_by_name() -> None:
    answer = post(r'{"number": 7, "lines": [{"sku": "des\u0000em"}]}')
    document = problem(answer, 422, "invalid_request")
    assert [(error["field"], error["code"]) for error in document["errors"]] == [
        ("lines.0.sku", "nul_character")
    ]


def test_what_only_looks_like_a_nul_is_read() -> None:
    answer = post(r'{"number": 7, "lines": [{"sku": "des\\u0000em"}]}')
    assert answer.status_code == 200


def test_a_body_that_fits_is_read() -> None:
    answer = post('{"number": 7, "lines": [{"sku": "desem"}]}')
    assert answer.status_code == 200
    assert answer.json()["number"] == 7


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"number": 7, "tip": 100}', "tip"),
        ('{"number": 7, "lines": [{"sku": "a"}, {"sku": "b", "colour": "red"}]}', "lines.1.colour"),
    ],
)
def test_an_unknown_field_is_refused_by_name(body: str, field: str) -> None:
    document = problem(post(body), 422, "invalid_request")
    assert [(each["field"], each["code"]) for each in document["errors"]] == [
        (field, "unknown_field")
    ]
    assert field in document["detail"]


@pytest.mark.parametrize("value", ['"7"', "7.0", "true", "null", "[]"])
def test_a_value_of_another_type_is_not_guessed_at(value: str) -> None:
    document = problem(post(f'{{"number": {value}}}'), 422, "invalid_request")
    assert [each["field"] for each in document["errors"]] == ["number"]


def test_every_fault_is_named_and_no_value_is_repeated() -> None:
    answer = post('{"number": "hunter2", "lines": [{"quantity": "hunter2"}]}')
    document = problem(answer, 422, "invalid_request")
    assert {each["field"] for each in document["errors"]} == {
        "number",
        "lines.0.sku",
        "lines.0.quantity",
    }
    assert "hunter2" not in answer.content.decode()


@pytest.mark.parametrize("body", ["", "{", '{"number": 7,}', b"\xff\xfe", "{'number': 7}"])
def test_broken_json_is_refused(body: str | bytes) -> None:
    problem(post(body), 400, "malformed_json")


@pytest.mark.parametrize("body", ["[]", "7", "null", '"order"'])
def test_json_that_is_no_object_does_not_fit(body: str) -> None:
    document = problem(post(body), 422, "invalid_request")
    assert [each["field"] for each in document["errors"]] == ["body"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_what_does_not_say_it_is_json_is_refused(kind: str) -> None:
    problem(post('{"number": 7}', kind=kind), 415, "not_json")


def test_json_may_name_its_charset() -> None:
    assert post('{"number": 7}', kind="application/json; charset=utf-8").status_code == 200


def test_a_refusal_carries_its_facts_and_says_when_to_come_back() -> None:
    answer = APIClient().get("/waits")
    document = problem(answer, 409, "idempotency_still_running")
    assert document["retry_after"] == 3
    assert answer["Retry-After"] == "3"


def test_an_unknown_method_is_refused() -> None:
    problem(APIClient().delete("/takes"), 405, "method_not_allowed")


def test_a_crash_tells_its_trace_and_no_detail(written: StringIO) -> None:
    answer = APIClient().get("/breaks")
    document = problem(answer, 500, "internal_error")
    for detail in ("recipe", "RuntimeError", "Traceback", "probe.py"):
        assert detail not in answer.content.decode()
    assert "the recipe of the house" in written.getvalue()
    assert document["trace_id"] in written.getvalue()


def test_whatever_is_accepted_the_answer_is_json() -> None:
    answer = APIClient().get("/waits", headers={"Accept": "text/html"})
    problem(answer, 409, "idempotency_still_running")


def test_a_bodys_hash_knows_its_address() -> None:
    body = '{"number": 7}'
    first, again = post(body).json()["hash"], post(body).json()["hash"]
    elsewhere = post(body, address="/takes/too").json()["hash"]
    other = post('{"number": 8}').json()["hash"]
    assert first == again
    assert len({first, elsewhere, other}) == 3
