import pytest
from django.test import Client
from django.urls import reverse

from okplatform.parties.models import Person

pytestmark = pytest.mark.django_db

PAGES = ["wallet:code", "wallet:cards", "wallet:receipts", "wallet:you"]


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_asked_to(client: Client, page: str) -> None:
    response = client.get(reverse(page))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_somebody_new_opens(
    client: Client, alice: Person, page: str, language: str
) -> None:
    client.force_login(alice)
    response = client.get(reverse(page), headers={"Accept-Language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()
