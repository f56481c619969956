"""Which pages a frame offers to whom, and where one goes after sign-in."""

from http import HTTPStatus

import pytest
from django.test import Client, RequestFactory

from okplatform.parties.models import Person, Role
from okplatform.web import navigation
from okplatform.web.navigation import NavItem


@pytest.fixture(autouse=True)
def frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small site: pages that exist, under names of their own."""
    empty: dict[str, list[NavItem]] = {"wallet": [], "console": [], "office": [], "start": []}
    monkeypatch.setattr(navigation, "_items", empty)
    for frame, label, url_name, roles in (
        ("wallet", "Home", "web:home", ()),
        ("wallet", "Guide", "web:styleguide", ()),
        ("start", "Mine", "web:styleguide", ()),
        ("start", "Figures", "web:metrics", (Role.OWNER,)),
    ):
        item = NavItem(label=label, url_name=url_name, icon="list", order=1, roles=frozenset(roles))
        navigation.register(frame, item)  # type: ignore[arg-type]


def _labels(frame: navigation.Frame, path: str, role: str | None = None) -> dict[str, bool]:
    request = RequestFactory().get(path)
    links = navigation.links(frame, request=request, role=role, merchant=None)
    return {str(link.label): link.current for link in links}


def test_the_page_one_is_on_is_the_nearest_and_only_one() -> None:
    assert _labels("wallet", "/styleguide/") == {"Home": False, "Guide": True}
    assert _labels("wallet", "/") == {"Home": True, "Guide": False}


def test_a_page_for_a_role_shows_to_that_role_only() -> None:
    assert "Figures" in _labels("start", "/", Role.OWNER)
    assert "Figures" not in _labels("start", "/", Role.CASHIER)
    assert "Figures" not in _labels("start", "/", None)


def test_the_same_page_twice_is_a_mistake() -> None:
    item = NavItem(label="Again", url_name="web:home", icon="list", order=2)
    with pytest.raises(ValueError, match="web:home"):
        navigation.register("wallet", item)


@pytest.mark.django_db
def test_a_shopper_goes_straight_on(client: Client, alice: Person) -> None:
    client.force_login(alice)
    response = client.get("/start/")
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/styleguide/"


@pytest.mark.django_db
def test_who_works_somewhere_chooses_between_that_and_what_is_theirs(
    client: Client, olga: Person
) -> None:
    client.force_login(olga)
    page = client.get("/start/").content.decode()
    assert "Boekhandel Kramer" in page
    assert 'href="/metrics"' in page
    assert page.count('href="/styleguide/"') == 1


@pytest.mark.django_db
def test_a_cashier_is_offered_nothing_of_the_owners(client: Client, sam: Person) -> None:
    client.force_login(sam)
    page = client.get("/start/").content.decode()
    assert "Bakkerij Bol" in page
    assert 'href="/metrics"' not in page


@pytest.mark.django_db
def test_a_stranger_signs_in_first(client: Client) -> None:
    assert client.get("/start/")["Location"] == "/account/login/?next=/start/"
