"""Rewards: chosen and given on the phone, made and paused in the console."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from loyalty.models import Donation, Reward, RewardKind, Wish
from okplatform.kernel import clock, relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import member_with, reward, wishes
from tests.loyalty.test_liability import owed
from tests.loyalty.test_spending_pages import mia
from tests.support.proofs import prove

__all__ = ["mia"]
pytestmark = pytest.mark.django_db

CARD = "/wallet/programmes/bakkerij-bol/"
CONSOLE = "/console/bakkerij-bol/programme/rewards/"
COFFEE: dict[str, Any] = {
    "name_nl": "Brood",
    "name_en": "Bread",
    "kind": "product",
    "cost": "500",
    "products": "desem",
}


def choose(client: Client, **sent: Any) -> str:
    return str(client.post(f"{CARD}points/", sent, follow=True).content.decode())


def chosen() -> list[int | None]:
    with operator_scope("the tests look"):
        return list(Wish.objects.values_list("reward", flat=True))


def donations() -> list[tuple[int, int]]:
    with operator_scope("the tests look"):
        return list(Donation.objects.values_list("points", "amount"))


def test_a_member_sees_what_is_missing_chooses_and_thinks_better_of_it(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    near, far = reward(bakery), reward(bakery, cost=1_250)
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    member_with(bakery, alice, 450)
    page = client.get(CARD).content.decode()
    assert "800 more" in page
    assert f'value="{near}"' in page
    assert f'value="{far}"' not in page
    assert "Do not use" in choose(client, reward=near)
    assert chosen() == [near]
    choose(client, withdraw="1")
    assert (chosen(), bakery.points(alice)) == ([], 450)


@pytest.mark.parametrize("sent", ["0", "999999", "x"])
def test_what_is_no_reward_here_is_not_chosen(
    client: Client, bakery: Bakery, alice: Person, sent: str
) -> None:
    client.force_login(alice)
    member_with(bakery, alice, 450)
    assert "Deze beloning is er niet meer." in choose(client, reward=sent)
    assert "Deze beloning is er niet meer." in choose(client, donate=sent)
    assert (wishes(), donations()) == ([], [])


def test_points_given_to_charity_are_gone_and_the_shop_owes_it(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    number = reward(bakery, RewardKind.DONATION)
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    member_with(bakery, alice, 450)
    assert "Given. Thank you." in choose(client, donate=number)
    assert (donations(), bakery.points(alice)) == ([(400, 500)], 50)
    assert "have just been used elsewhere" in choose(client, donate=number)
    assert (donations(), bakery.points(alice)) == ([(400, 500)], 50)
    found = owed(bakery, clock.now().date() + timedelta(days=1))
    assert (found.redeemed, found.expired) == (400, 0)
    relay.drain()
    prove()


def test_a_retailer_makes_a_reward_pauses_it_and_lets_it_be_had_again(mia: Client) -> None:
    page = mia.post(CONSOLE, COFFEE, follow=True).content.decode()
    assert "Made. Members see it on your card in OK." in page
    with operator_scope("the test looks"):
        made = Reward.objects.get()
    assert (made.cost, made.amount, made.target_references) == (500, 0, ["desem"])
    assert "paused" in mia.post(f"{CONSOLE}{made.pk}/", follow=True).content.decode()
    mia.post(f"{CONSOLE}{made.pk}/", {"resume": "1"})
    with operator_scope("the test looks"):
        assert Reward.objects.get().state == "active"


def test_a_reward_that_gives_much_away_is_made_once_that_is_meant(mia: Client) -> None:
    cheap = {**COFFEE, "cost": "10"}
    doubted = mia.post(CONSOLE, cheap)
    assert doubted.status_code == 422
    assert "paid €10.00 for them, and gets €4.20" in doubted.content.decode()
    with operator_scope("the test looks"):
        assert not Reward.objects.exists()
    assert mia.post(CONSOLE, {**cheap, "sure": "1"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"products": "unknown"},
        {"products": ""},
        {"kind": "money_off"},
        {"kind": "donation", "amount": "5"},
        {"cost": "0"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(mia: Client, wrong: dict[str, str]) -> None:
    assert mia.post(CONSOLE, {**COFFEE, **wrong}).status_code == 422
    with operator_scope("the test looks"):
        assert not Reward.objects.exists()
