"""Tiers through the front door: published by the shop, said at the till, shown on the phone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from loyalty.actions.place_members import review_tiers
from loyalty.models import Programme
from loyalty.own_data import LoyaltyData
from okplatform.kernel import clock
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_pages import CARD, CONSOLE, mia
from tests.loyalty.test_tiers import drain, tiers
from tests.support.counter import Counter, basket, show, with_bank_account
from tests.support.world import World

__all__ = ["mia"]

pytestmark = pytest.mark.django_db

PAGE = f"{CONSOLE}tiers/"
SAID = {
    "period": "year",
    "basis": "points",
    "grace_days": "14",
    "name_nl_1": "Zilver",
    "name_en_1": "Silver",
    "threshold_1": "10",
    "times_1": "1.5",
    "name_nl_2": "Goud",
    "name_en_2": "Gold",
    "threshold_2": "50",
    "keep_2": "40",
    "times_2": "2",
}
LOAF = {"sku": "desem", "name": "Desembrood", "quantity": 2, "unit_price": 420, "vat_rate": 900}


def stored() -> Any:
    with operator_scope("the tests look"):
        return Programme.objects.get().tiers


def test_a_shop_publishes_tiers_and_sees_who_stands_where(
    client: Client, bakery: Bakery, mia: Person, alice: Person
) -> None:
    client.force_login(mia)
    assert client.post(PAGE, SAID).status_code == 302
    assert [(one["threshold"], one["keep"], one["times_milli"]) for one in stored()] == [
        (10, 10, 1_500),
        (50, 40, 2_000),
    ]
    bakery.join(alice)
    bakery.sell(1_000, alice)
    drain()
    answer = client.get(PAGE)
    assert answer.context["standing"] == [("Zilver", 1), ("Goud", 0)]
    form = answer.context["form"].initial
    assert (form["threshold_2"], form["keep_2"], form["grace_days"]) == (50, 40, 14)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"threshold_2": "10"}, "threshold_2"),
        ({"keep_2": "51"}, "keep_2"),
        ({"name_en_1": ""}, "name_nl_1"),
        ({"threshold_1": ""}, "threshold_1"),
        ({"times_1": "0.5"}, "times_1"),
        ({"period": "week"}, "period"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, bakery: Bakery, mia: Person, said: dict[str, str], where: str
) -> None:
    client.force_login(mia)
    answer = client.post(PAGE, {**SAID, **said})
    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert stored() == []


def test_a_tier_that_nobody_reaches_is_doubted(
    client: Client, bakery: Bakery, mia: Person, alice: Person
) -> None:
    bakery.join(alice)
    bakery.sell(2_000, alice)
    client.force_login(mia)
    page = client.post(PAGE, {**SAID, "times_1": "9"}).content.decode()
    assert "Niemand bereikt “Goud”: het meeste dat een lid in een jaar had, is 20 punten." in page
    assert "“Zilver” spaart 9 keer de punten" in page
    assert "Niemand bereikt “Zilver”" not in page
    assert stored() == []
    assert client.post(PAGE, {**SAID, "sure": "1"}).status_code == 302


def test_without_a_programme_there_are_no_tiers(client: Client, world: World) -> None:
    shop = world.kaashuis.merchant.reference
    client.force_login(world.charlie)
    page = client.get(f"/console/{shop}/programme/tiers/").content.decode()
    assert "Nog geen programma" in page


def test_a_stranger_sees_no_tiers_of_the_shop(client: Client, bakery: Bakery, bob: Person) -> None:
    client.force_login(bob)
    assert client.get(PAGE).status_code in (403, 404)
    assert client.post(PAGE, SAID).status_code in (403, 404)
    assert stored() == []


def test_the_phone_says_what_is_missing_and_how_long_it_stays(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    tiers(bakery)
    bakery.join(alice)
    client.force_login(alice)
    assert "Nog 10 punten tot Zilver" in client.get(CARD).content.decode()
    bakery.sell(1_000, alice)
    drain()
    page = client.get(CARD).content.decode()
    assert "uw niveau" in page
    assert "Nog 40 punten tot Goud" in page
    assert "Zilver blijft tot en met 31 december 2027" in page
    review_tiers(now=clock.now() + timedelta(days=800))
    assert "uw niveau" not in client.get(CARD).content.decode()


def test_the_till_hears_that_this_purchase_reaches_it(bakery: Bakery, alice: Person) -> None:
    tiers(bakery)
    bakery.join(alice)
    counter = Counter(bakery.world.till, bakery.world.till.key)
    phone = with_bank_account(alice)
    misses = counter.put(uuid4(), basket(LOAF, code=show(phone))).json()["near_misses"]
    assert "Nog 2 punten en de klant is Zilver." in [miss["sentence"] for miss in misses]
    misses = counter.put(uuid4(), basket(LOAF, LOAF, code=show(phone))).json()["near_misses"]
    assert "Met deze aankoop is de klant Zilver." in [miss["sentence"] for miss in misses]


def test_a_person_takes_the_tier_along(bakery: Bakery, alice: Person) -> None:
    tiers(bakery)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    drain()
    found = {one.name: one.rows for one in LoyaltyData().sections(alice.pk)}
    (row,) = found["tiers"]
    assert (row["tier"], row["counts"], row["last_day"]) == ("Zilver", 10, "2027-12-31")
