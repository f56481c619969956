"""The console's page of a store's day: who may read it, what it says, and the file."""

import csv
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.merchants.returns.desk import Desk
from tests.support.counter import Counter, basket, paying
from tests.support.world import Place, World

pytestmark = pytest.mark.django_db

DAY = "/console/boekhandel-kramer/day/"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def works(person: Person, place: Place, role: Role, *, only_here: bool = False) -> Client:
    grant_membership(
        person_id=person.pk,
        merchant_id=place.merchant.pk,
        role=role,
        actor=SYSTEM,
        **({"store_id": place.store.pk} if only_here else {}),
    )
    return signed_in(person)


@pytest.fixture
def haarlem(world: World) -> Counter:
    return Counter(world.haarlem, world.haarlem.key)


def test_a_day_without_sales_says_so(world: World) -> None:
    page = signed_in(world.olga).get(DAY)
    assert page.status_code == 200
    assert "Nothing was sold this day" in page.content.decode()


def test_it_shows_each_store_by_till_tender_and_rate(world: World, haarlem: Counter) -> None:
    uuid = uuid4()
    haarlem.shift(uuid, "open", operator="Sam", cash_at_opening=5_000)
    sale = haarlem.put(uuid4(), basket(payment=paying("cash"))).json()["uuid"]
    Desk(world.haarlem).refund(sale, lines=[(1, 1)])
    haarlem.shift(uuid, "closed", cash_counted=5_680)
    Counter(world.leiden, world.leiden.key).sell()
    owner = signed_in(world.olga)
    text = owner.get(DAY, {"store": "haarlem"}).content.decode()
    for said in ("€6.80", "€11.00", "€4.20", "Kassa 1 · Sam", "cash is right", "9%"):
        assert said in text, said
    assert "PIN card" not in text  # that was in Leiden
    assert "PIN card" in owner.get(DAY, {"store": "leiden"}).content.decode()
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    assert (
        "Nothing was sold"
        in owner.get(DAY, {"store": "haarlem", "day": yesterday}).content.decode()
    )


def test_a_drawer_that_is_short_is_told(world: World, haarlem: Counter) -> None:
    uuid = uuid4()
    haarlem.shift(uuid, "open")
    haarlem.put(uuid4(), basket(payment=paying("cash")))
    haarlem.shift(uuid, "closed", cash_counted=1_000)
    text = signed_in(world.olga).get(DAY, {"store": "haarlem"}).content.decode()
    assert "€1.00 is missing" in text


def test_the_file_has_each_till_and_the_whole_store(world: World, haarlem: Counter) -> None:
    haarlem.put(uuid4(), basket(payment=paying("cash")))
    answer = signed_in(world.olga).get(f"{DAY}file/", {"store": "haarlem"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    cash = [row for row in rows if (row["what"], row["name"]) == ("tender", "cash")]
    assert [(row["till"], row["in"], row["out"]) for row in cash] == [
        ("", "11.00", "0.00"),
        ("kassa-1", "11.00", "0.00"),
    ]
    vat = next(row for row in rows if row["what"] == "vat")
    assert (vat["name"], vat["in"], vat["vat_in"]) == ("9", "11.00", "0.90")


def test_nonsense_and_a_day_to_come_are_today(world: World, haarlem: Counter) -> None:
    haarlem.sell()
    owner = signed_in(world.olga)
    for asked in ({"day": "2126-01-01"}, {"day": "x"}, {"day": ""}):
        assert "€11.00" in owner.get(DAY, {"store": "haarlem", **asked}).content.decode()
    # A store of somebody else is none: the first of one's own stands there.
    assert owner.get(DAY, {"store": "gouda"}).status_code == 200
    assert b"Gouda" not in owner.get(DAY, {"store": "gouda"}).content


def test_a_manager_of_one_store_sees_that_store(world: World, haarlem: Counter) -> None:
    haarlem.sell()
    manager = works(world.bob, world.leiden, Role.MANAGER, only_here=True)
    text = manager.get(DAY, {"store": "haarlem"}).content.decode()
    assert "Leiden" in text
    assert "Haarlem" not in text
    assert "€11.00" not in text


@pytest.mark.parametrize("role", [Role.CASHIER, Role.MARKETER])
def test_others_of_the_shop_may_not(world: World, role: Role) -> None:
    assert works(world.bob, world.haarlem, role).get(DAY).status_code == 403


def test_another_merchants_owner_finds_nothing(world: World) -> None:
    assert signed_in(world.charlie).get(DAY).status_code == 404
    assert signed_in(world.charlie).get(f"{DAY}file/").status_code == 404
    assert Client().get(DAY).status_code == 302
