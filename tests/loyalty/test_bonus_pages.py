"""Bonuses through the front door: published by the shop, handed on by link, seen before joining."""

from typing import Any

import pytest
from django.test import Client

from loyalty.models import Programme, Referral
from loyalty.own_data import LoyaltyData
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_bonuses import bonuses
from tests.loyalty.test_pages import CARD, CONSOLE, mia
from tests.support.world import World

__all__ = ["mia"]

pytestmark = pytest.mark.django_db

PAGE = f"{CONSOLE}bonuses/"
SAID = {"first": "50", "referral": "30", "min_paid": "5.00", "most": "3"}


def stored() -> Any:
    with operator_scope("the tests look"):
        return Programme.objects.get().bonuses


def test_a_shop_publishes_bonuses(client: Client, bakery: Bakery, mia: Person) -> None:
    client.force_login(mia)
    assert client.post(PAGE, SAID).status_code == 302
    said = {"first": 50, "referral": 30, "min_paid": 500, "most": 3}
    assert stored() == {**said, "birthday": 0, "days_before": 7, "days_after": 7}
    assert 'value="50"' in client.get(PAGE).content.decode()


def test_a_bonus_for_a_cent_is_doubted(client: Client, bakery: Bakery, mia: Person) -> None:
    client.force_login(mia)
    page = client.post(PAGE, {**SAID, "min_paid": ""}).content.decode()
    assert "geeft al tot 80 punten." in page
    assert stored() == {}
    assert client.post(PAGE, {**SAID, "min_paid": "", "sure": "1"}).status_code == 302
    assert client.post(PAGE, {**SAID, "first": "-1"}).status_code == 422


def test_a_stranger_publishes_none(client: Client, bakery: Bakery, bob: Person) -> None:
    client.force_login(bob)
    assert client.get(PAGE).status_code in (403, 404)
    assert client.post(PAGE, SAID).status_code in (403, 404)
    assert stored() == {}


def test_without_a_programme_there_are_no_bonuses(client: Client, world: World) -> None:
    shop = world.kaashuis.merchant.reference
    client.force_login(world.charlie)
    page = client.get(f"/console/{shop}/programme/bonuses/").content.decode()
    assert "Nog geen programma" in page


def test_a_link_brings_a_friend_along(
    client: Client, bakery: Bakery, alice: Person, bob: Person
) -> None:
    bonuses(bakery, first=20, referral=30)
    client.force_login(alice)
    assert client.post(f"{CARD}link/").status_code == 404
    assert "20 punten extra bij uw volgende aankoop" in client.get(CARD).content.decode()
    client.post(CARD, {"terms_version": "1"})
    page = client.post(f"{CARD}link/", follow=True)
    link = page.context["hand_on_link"]
    assert link in page.content.decode()
    friend = Client()
    friend.force_login(bob)
    address = link.removeprefix("http://testserver")
    code = friend.get(address).context["brought_by"]
    friend.post(CARD, {"terms_version": "1", "from": code})
    with operator_scope("the tests look"):
        (referral,) = Referral.objects.values_list("member__person", "by__person")
    assert referral == (bob.pk, alice.pk)
    assert "50 punten extra bij uw volgende aankoop" in friend.get(CARD).content.decode()
    assert "1 persoon kwam mee." in client.get(CARD).content.decode()
    found = {one.name: one.rows for one in LoyaltyData().sections(alice.pk)}
    assert [(row["code"], row["brought"]) for row in found["brought_along"]] == [(code, 1)]
    found = {one.name: one.rows for one in LoyaltyData().sections(bob.pk)}
    assert [row["came_with_somebody"] for row in found["brought_along"]] == [True]
