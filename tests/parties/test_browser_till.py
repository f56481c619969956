"""The browser till: a signed-in cashier at a chosen terminal is a till too."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.api.authentication import choose_terminal
from okplatform.parties.models import Person, Role
from okplatform.parties.queries import terminals_of_person
from tests.support.world import Place, World

pytestmark = pytest.mark.urls("tests.parties.probe")


def at(person: Person, place: Place | None) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(person)
    if place:
        session = client.session
        choose_terminal(session, place.terminal.pk)
        session.save()
    return client


def test_sam_sells_at_his_own_till(world: World, sam: Person) -> None:
    answer = at(sam, world.till).get("/me/")

    assert answer.status_code == 200
    assert answer.json()["actor"].startswith("membership:")
    assert answer.json()["merchant"] == "Bakkerij Bol"
    assert answer.json()["terminal"] == "kassa-1"


def test_sam_cannot_stand_at_another_merchants_till(world: World, sam: Person) -> None:
    answer = at(sam, world.haarlem).get("/me/")

    assert answer.status_code == 403
    assert answer.json()["code"] == "terminal_not_chosen"


def test_without_a_chosen_terminal_there_is_no_till(world: World, sam: Person) -> None:
    assert at(sam, None).get("/me/").json()["code"] == "terminal_not_chosen"


def test_alice_is_no_cashier(world: World, alice: Person) -> None:
    assert at(alice, world.till).get("/me/").json()["code"] == "terminal_not_chosen"


def test_a_marketer_does_not_sell(world: World, bob: Person) -> None:
    grant_membership(
        person_id=bob.pk,
        merchant_id=world.bol.merchant.pk,
        role=Role.MARKETER,
        actor=SYSTEM,
    )

    assert at(bob, world.till).get("/me/").json()["code"] == "terminal_not_chosen"
    assert terminals_of_person(bob.pk) == []


def test_a_cashier_of_one_store_sells_there_only(world: World, bob: Person) -> None:
    grant_membership(
        person_id=bob.pk,
        merchant_id=world.kramer.merchant.pk,
        store_id=world.leiden.store.pk,
        role=Role.CASHIER,
        actor=SYSTEM,
    )

    assert at(bob, world.leiden).get("/me/").json()["store"] == "leiden"
    assert at(bob, world.haarlem).get("/me/").status_code == 403
    assert [choice.store_name for choice in terminals_of_person(bob.pk)] == ["Leiden"]


def test_a_post_needs_the_pages_token(world: World, sam: Person) -> None:
    client = at(sam, world.till)

    assert client.post("/me/").json()["code"] == "page_too_old"

    token = "a" * 32
    client.cookies["csrftoken"] = token
    assert client.post("/me/", headers={"X-CSRFToken": token}).status_code == 200


def test_a_browser_till_does_not_refund(world: World, sam: Person) -> None:
    assert at(sam, world.till).get("/refunds/").json()["code"] == "scope_missing"


def test_a_test_person_sells_in_test(world: World) -> None:
    grant_membership(
        person_id=world.tessa.pk,
        merchant_id=world.bol.merchant.pk,
        role=Role.CASHIER,
        actor=SYSTEM,
    )

    assert at(world.tessa, world.till).get("/me/").json()["mode"] == "test"


def test_nobody_signed_in_is_nobody(world: World) -> None:
    assert Client().get("/me/").status_code == 401
