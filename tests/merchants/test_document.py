"""What the OpenAPI document says in the same way of every call."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from merchants.document import LINKS, METHODS, OTHERS, PROBLEM_TYPE, TAGS


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@pytest.fixture(scope="module")
def calls(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        described[method]["operationId"]: described[method]
        for described in document["paths"].values()
        for method in METHODS
        if method in described
    }


def resolved(document: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    for part in said.get("$ref", "#").removeprefix("#").split("/")[1:]:
        document = document[part]
    return document if "$ref" in said else said


def test_every_call_has_its_place(calls: dict[str, dict[str, Any]]) -> None:
    for name, call in calls.items():
        assert set(call["tags"]) <= set(TAGS), name


def test_every_refusal_is_a_problem_by_its_own_status(
    document: dict[str, Any], calls: dict[str, dict[str, Any]]
) -> None:
    for name, call in calls.items():
        refused = {status: said for status, said in call["responses"].items() if status >= "400"}
        assert {"401", "403", "429"} <= set(refused), name
        for said in refused.values():
            assert list(resolved(document, said)["content"]) == [PROBLEM_TYPE]


def test_every_link_begins_and_ends_at_a_call_and_carries_what_both_know(
    document: dict[str, Any], calls: dict[str, dict[str, Any]]
) -> None:
    for name, (source, status, target, parameters, fields) in LINKS.items():
        answer = calls[source]["responses"][str(status)]
        assert answer["links"][name]["operationId"] == target
        told = resolved(document, answer["content"]["application/json"]["schema"])["properties"]
        for expression in (*parameters.values(), *fields.values()):
            # What does not point into the answer is a value, such as "closed".
            if not expression.startswith("$"):
                continue
            assert expression.removeprefix("$response.body#/").split("/")[0] in told, name
        known = {one["name"] for one in calls[target].get("parameters", ())}
        assert set(parameters) <= known
        if fields:
            body = calls[target]["requestBody"]["content"]["application/json"]["schema"]
            assert set(fields) <= set(resolved(document, body)["properties"])


def test_no_line_of_the_tables_is_about_a_call_that_is_no_more(
    calls: dict[str, dict[str, Any]],
) -> None:
    assert set(OTHERS) <= set(calls)
