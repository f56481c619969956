"""The code on a receipt finds its purchase at any till of the merchant."""

from uuid import UUID, uuid4

import pytest
from django.test import Client

from okplatform.parties.models import Person
from tests.merchants.returns.desk import Desk
from tests.support.counter import Counter, basket, paying, settle_events, show
from tests.support.phone import Phone
from tests.support.world import World
from tests.wallet.papers import codes_in, filed, pdf_of, values_of
from wallet.queries import latest_receipt

pytestmark = pytest.mark.django_db


def scanned(browser: Client, person: Person) -> str:
    """Return what a scanner reads on the person's latest receipt."""
    latest = latest_receipt(person.pk)
    assert latest is not None
    (code,) = codes_in(pdf_of(browser, latest))
    return code


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    """Alice in her browser."""
    client.force_login(alice)
    return client


def test_the_till_finds_the_purchase_by_the_code_and_gives_back(
    counter: Counter, desk: Desk, phone: Phone, hers: Client, alice: Person
) -> None:
    sale = counter.sell(phone).json()["uuid"]
    settle_events()
    code = scanned(hers, alice)
    assert code == sale
    found = counter.get(UUID(code))
    assert (found.status_code, found.json()["uuid"]) == (200, sale)
    assert desk.refunds(code).json()["refunds"] == []
    assert desk.refund(code, lines=[(1, 1)]).status_code == 201
    settle_events()
    latest = latest_receipt(alice.pk)
    assert latest is not None
    (back,) = values_of(hers, latest)["returns"]
    assert (back["amount"], back["lines"][0]["quantity"]) == (420, 1)


def test_the_console_opens_the_purchase_by_the_code(
    world: World, phone: Phone, hers: Client, alice: Person
) -> None:
    sale = Counter(world.haarlem, world.haarlem.key).sell(phone).json()["uuid"]
    settle_events()
    desk = Client()
    desk.force_login(world.olga)
    page = desk.get("/console/boekhandel-kramer/refunds/", {"number": scanned(hers, alice)})
    assert page["Location"] == f"/console/boekhandel-kramer/refunds/{sale}/"


def test_another_shop_finds_nothing_by_it(
    world: World, counter: Counter, phone: Phone, hers: Client, alice: Person
) -> None:
    counter.sell(phone)
    settle_events()
    answer = Desk(world.gouda).refunds(scanned(hers, alice))
    assert (answer.status_code, answer.json()["code"]) == (404, "sale_to_refund_unknown")


@pytest.mark.parametrize("kind", ["cash", "pin"])
def test_what_was_paid_without_ok_has_a_receipt_too_if_the_code_was_scanned(
    counter: Counter, phone: Phone, hers: Client, alice: Person, kind: str
) -> None:
    asked = basket(payment=paying(kind), code=show(phone))
    assert counter.put(uuid4(), asked).json()["state"] == "closed"
    settle_events()
    latest = latest_receipt(alice.pk)
    assert latest is not None
    values = values_of(hers, filed(latest.sale_id))
    assert [(one["kind"], one["amount"]) for one in values["tenders"]] == [(kind, 1100)]
    assert counter.get(UUID(scanned(hers, alice))).status_code == 200


def test_the_points_of_the_programme_stand_on_it(
    counter: Counter, member: Phone, hers: Client, alice: Person
) -> None:
    earned = counter.sell(member).json()["points_earned"]
    settle_events()
    latest = latest_receipt(alice.pk)
    assert latest is not None
    points = values_of(hers, latest)["points"]
    assert points == {"name": "punten", "earned": earned, "taken_back": 0, "balance": earned}
    assert earned
