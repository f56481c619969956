"""An error says what happened, what was kept and what to do, to people and to programs."""

from http import HTTPStatus

import pytest
from django.test import Client, RequestFactory

from okplatform.web.pages import errors

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "nl",
            [
                "Op dit adres is niets te vinden",
                "Uw kaarten, punten en bonnen staan waar ze stonden.",
                "Controleer het adres, of ga terug naar het begin.",
            ],
        ),
        (
            "en",
            [
                "There is nothing at this address",
                "Your cards, points and receipts are where they were.",
                "Check the address, or go back to the start.",
            ],
        ),
    ],
)
def test_an_unknown_address_says_all_three(
    client: Client, language: str, sentences: list[str]
) -> None:
    response = client.get("/nowhere/", headers={"Accept-Language": language})
    assert response.status_code == HTTPStatus.NOT_FOUND
    page = response.content.decode()
    for sentence in sentences:
        assert sentence in page


def test_a_program_gets_a_problem_document(client: Client) -> None:
    response = client.get("/api/v1/nowhere")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"
    assert response.json()["trace_id"]


def test_a_crash_is_answered_without_a_database_and_names_its_number(
    rf: RequestFactory,
) -> None:
    response = errors.server_error(rf.get("/anything/"))
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    page = response.content.decode()
    assert "Er ging bij ons iets mis" in page
    assert "csrfmiddlewaretoken" not in page


def test_a_form_without_its_token_is_not_acted_upon() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/preferences/theme/", {"theme": "dark"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Deze pagina stond te lang open" in response.content.decode()
    assert "ok_theme" not in response.cookies
