"""What can never count, or gives goods away, is said before an offer is saved."""

from typing import Any

import pytest
from django.test import Client

from loyalty.models import Offer, Programme
from okplatform.kernel import db
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Role
from tests.loyalty.bakery import Bakery
from tests.support.world import World

pytestmark = pytest.mark.django_db

NEW = "/console/bakkerij-bol/programme/offers/new/"
NAMES = {"name_nl": "Bakkersdag", "name_en": "Baker's day"}
ON_BREAD = {**NAMES, "target": "categories", "categories": ["eten"], "percentage": "5"}
ON_LOAF = {**NAMES, "target": "products", "products": "desem"}
MOST = "This offer never counts: the goods cost €{} at most without it, and €{} with."


@pytest.fixture
def marketer(client: Client, world: World, bakery: Bakery) -> Client:
    """Bob does the bakery's marketing, in English."""
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=bakery.merchant_id,
        role=Role.MARKETER,
        actor=bakery.actor,
    )
    client.force_login(world.bob)
    client.cookies["django_language"] = "en"
    return client


def offers() -> int:
    with operator_scope("the tests look"):
        return int(Offer.objects.count())


@pytest.mark.parametrize(
    ("form", "doubt"),
    [
        ({**ON_BREAD, "last_day": "2020-01-01"}, "its last day is over"),
        (
            {**ON_BREAD, "first_day": "2126-12-25", "last_day": "2126-12-25"}
            | {"black_out": "2126-12-25"},
            "no day is left of its period",
        ),
        (
            {**ON_BREAD, "first_day": "2126-12-25", "last_day": "2126-12-26", "weekdays": ["0"]},
            "no day is left of its period",
        ),
        ({**ON_LOAF, "kind": "amount_off", "amount": "4.20"}, "costs €4.20: with this offer it is"),
        ({**ON_LOAF, "kind": "percentage", "percentage": "100"}, "are given away"),
        ({**ON_LOAF, "kind": "fixed_price", "amount": "4.20"}, MOST.format("4.20", "4.20")),
        (
            {**ON_BREAD, "kind": "set_price", "pieces": "3", "amount": "13"},
            MOST.format("12.60", "13.00"),
        ),
    ],
)
def test_a_doubt_is_said_first_and_saved_only_by_who_is_sure(
    marketer: Client, form: dict[str, Any], doubt: str
) -> None:
    asked = marketer.post(NEW, form)
    assert asked.status_code == 422
    assert doubt in asked.content.decode().replace("&#x27;", "'")
    assert offers() == 0
    assert marketer.post(NEW, {**form, "sure": "1"}).status_code == 302
    assert offers() == 1


@pytest.mark.parametrize(
    ("combines", "said"),
    [({}, "only what takes most off counts"), ({"combines": "on"}, "both are taken off")],
)
def test_an_offer_on_the_same_goods_in_these_days_is_named(
    marketer: Client, bakery: Bakery, combines: dict[str, str], said: str
) -> None:
    other = bakery.offer(target_references=("eten",))
    page = marketer.post(NEW, {**ON_BREAD, **combines}).content.decode()
    assert "“10% off bread” is on the same goods in these days" in page
    assert said in page
    # Changing an offer is no second one; goods or days of their own are no doubt either.
    assert (
        marketer.post(f"/console/bakkerij-bol/programme/offers/{other}/", ON_BREAD).status_code
        == 302
    )
    assert marketer.post(NEW, {**ON_LOAF, "percentage": "5"}).status_code == 302


def test_an_offer_for_members_of_nothing_is_doubted(marketer: Client) -> None:
    form = {**ON_BREAD, "members_only": "on"}
    with operator_scope("the test takes the programme away"):
        assert Programme.objects.count() == 1
    db.call("DELETE FROM loyalty_programme")
    assert "you have no programme yet" in marketer.post(NEW, form).content.decode()

    assert offers() == 0


def test_what_is_beyond_doubt_is_saved_at_once(marketer: Client) -> None:
    form = {**ON_BREAD, "kind": "set_price", "pieces": "3", "amount": "12", "per_person": "2"}
    assert marketer.post(NEW, {**form, "joined_within": "30"}).status_code == 302
    wrong = marketer.post(NEW, {**form, "black_out": "2026-12-24 Christmas"})
    assert "“Christmas” is no day" in wrong.content.decode()
