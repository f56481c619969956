import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from okplatform.parties.models import Person
from wallet import hooks
from wallet.hooks import HomeCard, PageLink

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


def test_the_worker_reaches_the_whole_site_and_is_asked_for_anew(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("language", "name"), [("nl", "OK-wallet"), ("en", "OK wallet")])
def test_the_manifest_makes_the_code_an_app(client: Client, language: str, name: str) -> None:
    response = client.get("/manifest.webmanifest", headers={"Accept-Language": language})
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["name"], manifest["start_url"]) == (name, "/wallet/")
    assert manifest["display"] == "standalone"


def test_the_page_for_no_network_is_for_everybody_and_names_nobody(
    client: Client, alice: Person
) -> None:
    client.force_login(alice)
    page = client.get("/wallet/offline/")
    assert page.status_code == 200
    assert alice.name not in page.content.decode()
    assert Client().get("/wallet/offline/").status_code == 200


class OneCard:
    """What loyalty registers for a member of the bookshop."""

    def cards(self, _person_id: int, _mode: str) -> list[HomeCard]:
        return [HomeCard("Boekhandel Kramer", "€ 2,50 klaar", "320 pt", "/elsewhere/")]


@pytest.mark.parametrize("page", ["wallet:code", "wallet:cards"])
def test_loyalty_cards_stand_on_the_pages(
    client: Client, alice: Person, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(hooks, "_home_cards", [OneCard()])
    client.force_login(alice)
    shown = client.get(reverse(page)).content.decode()
    for text in ("Boekhandel Kramer", "€ 2,50 klaar", "320 pt", 'href="/elsewhere/"', ">BK<"):
        assert text in shown


def test_whoever_has_no_card_learns_how_to_get_one(
    client: Client, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_home_cards", [])
    monkeypatch.setattr(hooks, "_more_cards", [PageLink("Winkels zoeken", "wallet:you")])
    client.force_login(alice)
    shown = client.get("/wallet/cards/").content.decode()
    assert "Hier komen uw klantenkaarten" in shown
    assert "Winkels zoeken" in shown


def test_the_addresses_of_the_phone_are_not_part_of_the_api_contract() -> None:
    contract = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    assert contract["paths"]
    assert not [path for path in contract["paths"] if path.startswith("/wallet/")]
