"""The page where a chain names its own loyalty system."""

import pytest
from django.test import Client
from pytest_django import Settings

from loyalty.models import Connector
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_corrections import works
from tests.loyalty.test_pages import CONSOLE

PAGE = f"{CONSOLE}connector/"
GOOD = {"name": "De Club", "url": "https://club.example/ok", "limit_ms": "250"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(bakery: Bakery, bob: Person) -> Client:
    return works(bakery, bob, Role.MANAGER)


def rows() -> list[Connector]:
    with operator_scope("the test looks"):
        return list(Connector.objects.all())


def test_a_manager_names_it_and_sees_the_secret_once(manager: Client) -> None:
    assert manager.get(PAGE).context["form"].initial == {"limit_ms": 300}
    named = manager.post(PAGE, GOOD)
    assert (named.status_code, named["Cache-Control"]) == (200, "no-store")
    assert "whsec_" in named.text
    (connector,) = rows()
    assert (connector.name, connector.limit_ms, connector.is_on) == ("De Club", 250, True)
    assert b"whsec_" not in bytes(connector.secret)
    assert "whsec_" not in manager.get(PAGE).text
    again = manager.post(PAGE, {**GOOD, "name": "Club"}, follow=True)
    assert "whsec_" not in again.text
    assert "Club" in again.text


def test_it_is_asked_no_longer(manager: Client) -> None:
    assert manager.post(PAGE, {"stop": "1"}).status_code == 422
    manager.post(PAGE, GOOD)
    assert "Ask it no longer" in manager.get(PAGE).text
    assert manager.post(PAGE, {"stop": "1"}).status_code == 302
    assert [one.is_on for one in rows()] == [False]
    assert "Ask it no longer" not in manager.get(PAGE).text


@pytest.mark.parametrize(
    "said",
    [
        {"url": "http://club.example"},
        {"url": "https://10.1.2.3/"},
        {"url": "https://localhost/"},
        {"name": ""},
        {"limit_ms": "5000"},
        {"limit_ms": "soon"},
    ],
)
def test_what_cannot_be_is_refused(
    manager: Client, said: dict[str, str], settings: Settings
) -> None:
    settings.OK_WEBHOOK_LOOPBACK = False
    assert manager.post(PAGE, {**GOOD, **said}).status_code == 422
    assert rows() == []


def test_others_may_not(bakery: Bakery, alice: Person, bob: Person) -> None:
    assert works(bakery, alice, Role.MARKETER).post(PAGE, GOOD).status_code == 403
    assert works(bakery, bob, Role.CASHIER).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert rows() == []
