"""The contract is for everybody to read: as OpenAPI, as a page, and every error with its cause."""

import pytest
from django.test import Client

from okplatform.web.pages.api_docs import known_refusals

pytestmark = pytest.mark.django_db


def test_the_openapi_document_is_served_without_a_key(client: Client) -> None:
    answer = client.get("/api/schema/?format=json")
    assert answer.status_code == 200
    assert "/api/v1/sales/{uuid}" in answer.json()["paths"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_shows_every_operation_with_its_fields(client: Client, language: str) -> None:
    page = client.get("/api/docs/", headers={"Accept-Language": language}).content.decode()
    for expected in ("put_sale", "create_payment", "delete_sale", "lines[].unit_price", "verdict"):
        assert expected in page


def test_the_address_in_a_problem_document_leads_to_its_explanation(client: Client) -> None:
    problem = client.get("/api/v1/sales/7b0f7a52-6a0e-4f6e-9b1c-0d6f3a2b9c11").json()
    address, _hash, code = problem["type"].partition("#")
    assert f'id="{code}"' in client.get(address).content.decode()


def test_every_refusal_has_a_cause_and_a_sentence() -> None:
    for refusal in known_refusals():
        assert refusal.cause, refusal.code
        assert refusal.sentence, refusal.code
