"""Paying with points, chosen on the phone; its terms, set in the console."""

from typing import Any

import pytest
from django.test import Client

from loyalty.models import SpendingTerms
from loyalty.own_data import LoyaltyData
from loyalty.wallet_cards import EarnedNotes
from merchants.returns.asking import LineAsked
from okplatform.kernel import db, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import member_with, open_spending, spends, wish, wishes
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

CARD = "/wallet/programmes/bakkerij-bol/"
CHOICE = f"{CARD}points/"
CONSOLE = "/console/bakkerij-bol/programme/spending/"
TERMS = {
    "is_on": "on",
    "points": "100",
    "amount": "1.00",
    "minimum": "200",
    "step": "100",
    "most_percent": "50",
    "grace_days": "30",
}


@pytest.fixture
def mia(world: World, bakery: Bakery, client: Client) -> Client:
    """Mia does the bakery's marketing."""
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=bakery.merchant_id,
        role=Role.MARKETER,
        actor=bakery.actor,
    )
    client.force_login(world.bob)
    client.cookies["django_language"] = "en"
    return client


def choose(client: Client, **sent: Any) -> str:
    return str(client.post(CHOICE, sent, follow=True).content.decode())


def test_a_member_chooses_points_changes_that_and_takes_it_back(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    open_spending(bakery)
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    member_with(bakery, alice, 560)
    page = client.get(CARD).content.decode()
    assert "You have 500 to use: €5.00." in page
    assert "They pay at most 50% of a purchase" in page
    assert "up to 200 points pay a part" in choose(client, points="200")
    assert wishes() == [200]
    assert "as many points pay a part as may" in choose(client, points="")
    assert wishes() == [None]
    assert "You keep your points." in choose(client, withdraw="1")
    assert (wishes(), spends()) == ([], [])


@pytest.mark.parametrize("sent", ["0", "-5", "x", "1" * 40, "1.5"])
def test_nonsense_chooses_nothing(client: Client, bakery: Bakery, alice: Person, sent: str) -> None:
    open_spending(bakery)
    client.force_login(alice)
    member_with(bakery, alice, 560)
    choose(client, points=sent)
    assert wishes() == []


def test_who_is_no_member_chooses_nothing(client: Client, bakery: Bakery, alice: Person) -> None:
    open_spending(bakery)
    client.force_login(alice)
    assert client.post(CHOICE, {"points": ""}).status_code == 404
    assert "punten betaal" not in client.get(CARD).content.decode()
    assert wishes() == []


def test_the_card_says_what_is_missing(client: Client, bakery: Bakery, alice: Person) -> None:
    open_spending(bakery, minimum=500)
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    member_with(bakery, alice, 420)
    page = client.get(CARD).content.decode()
    assert "80 more and you can pay with them." in page


def test_a_retailer_switches_it_on_and_off_again(mia: Client, bakery: Bakery) -> None:
    assert "Members cannot pay with points yet." in mia.get(CONSOLE).content.decode()
    page = mia.post(CONSOLE, TERMS, follow=True).content.decode()
    assert "Members can pay with points from the next sale on." in page
    assert "earns 100 points, which are worth €1.00" in page
    assert "Is it meant?" not in page
    with operator_scope("the test looks"):
        terms = SpendingTerms.objects.get()
    assert (terms.points, terms.amount, terms.minimum, terms.most_bp) == (100, 100, 200, 5_000)
    off = {name: value for name, value in TERMS.items() if name != "is_on"}
    assert "can no longer pay" in mia.post(CONSOLE, off, follow=True).content.decode()


def test_terms_that_give_much_away_are_doubted(mia: Client) -> None:
    page = mia.post(CONSOLE, {**TERMS, "amount": "25"}, follow=True).content.decode()
    assert "That is more than a tenth" in page


@pytest.mark.parametrize("wrong", [{"step": "150"}, {"minimum": "250"}, {"amount": "0"}])
def test_terms_that_contradict_are_said_beside_their_field(
    mia: Client, wrong: dict[str, str]
) -> None:
    answer = mia.post(CONSOLE, {**TERMS, **wrong})
    assert answer.status_code == 422
    with operator_scope("the test looks"):
        assert not SpendingTerms.objects.exists()


def test_the_receipt_and_the_card_tell_what_was_spent(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    open_spending(bakery)
    client.force_login(alice)
    wish(member_with(bakery, alice, 1_000), 300)
    sale, _points = bakery.sell(1_000, alice)
    (spent, earned) = EarnedNotes().notes(sale, alice.pk)
    assert (spent.title, spent.line) == ("− 300 punten", "Ze betaalden een deel")
    assert earned.title == "+ 7 punten"
    assert "-300" in client.get(CARD).content.decode().replace("−", "-")
    give_back(bakery.world.till, sale, lines=[LineAsked(1, 1)])
    assert EarnedNotes().notes(sale, alice.pk)[0].line == "300 ervan kwamen terug"


def test_what_was_spent_and_chosen_is_taken_along_and_forgotten(
    bakery: Bakery, alice: Person
) -> None:
    open_spending(bakery)
    member = member_with(bakery, alice, 1_000)
    wish(member, 300)
    bakery.sell(1_000, alice)
    wish(member)
    data = LoyaltyData()
    (section,) = [one for one in data.sections(alice.pk) if one.name == "points_spent"]
    spent, chosen = section.rows
    assert (spent["points"], spent["cents_off"], spent["given_back"]) == (300, 300, 0)
    assert chosen["chosen_for_next_payment"] == "all"
    with db.transaction():
        data.forget(alice.pk, now=NOW, actor=SYSTEM)
    assert wishes() == []
    assert len(spends()) == 1


def test_who_has_left_leaves_what_comes_back(bakery: Bakery, alice: Person) -> None:
    open_spending(bakery)
    wish(member_with(bakery, alice, 1_000), 300)
    sale, _points = bakery.sell(1_000, alice)
    with db.transaction():
        LoyaltyData().forget(alice.pk, now=NOW, actor=SYSTEM)
        Person.objects.filter(pk=alice.pk).update(is_active=False)
    assert bakery.points(alice) == 0
    give_back(bakery.world.till, sale, lines=[LineAsked(1, 1)])
    assert bakery.points(alice) == 0
    relay.drain()
    prove()
