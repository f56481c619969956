"""Personal offers: for members who were given them, who consent to it, and nobody else."""

from uuid import uuid4

import pytest
from django.test import Client

from loyalty import coupon_invariants
from loyalty.actions.assign_offer import OfferIsForEverybody, assign_offer
from loyalty.actions.put_offer import OfferHasMembers
from loyalty.models import Assignment
from okplatform.kernel import clock
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from okplatform.trade.models import Sale
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_pages import CARD, CONSOLE
from tests.merchants.members.known import allow
from tests.support.proofs import prove
from tests.support.world import NOW, World
from wallet.actions.withdraw_consent import withdraw_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(world: World, bakery: Bakery) -> Client:
    """Bob does the bakery's marketing, in English."""
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=bakery.merchant_id,
        role=Role.MARKETER,
        actor=bakery.actor,
    )
    browser = Client()
    browser.force_login(world.bob)
    browser.cookies["django_language"] = "en"
    return browser


def members_page(offer_id: int) -> str:
    return f"{CONSOLE}offers/{offer_id}/members/"


def bought(bakery: Bakery, person: Person | None) -> str:
    """Sell somebody bread; return the purchase's number."""
    sale_id, _points = bakery.sell(1_000, person)
    with operator_scope("the tests look"):
        return str(Sale.objects.get(pk=sale_id).uuid)


def how_many() -> int:
    with operator_scope("the tests look"):
        return int(Assignment.objects.count())


def test_who_made_these_purchases_and_wants_personal_offers_has_it(
    marketer: Client, bakery: Bakery, alice: Person, world: World, client: Client
) -> None:
    olga = world.olga
    for person in (alice, olga):
        bakery.join(person)
    allow(alice, bakery.merchant_id, "offers")
    purchases = [bought(bakery, person) for person in (alice, olga, alice, None)]
    offer_id = bakery.offer(assigned=True)
    assert bakery.price(1_000, alice).quote.discount == 0
    form = {"purchases": "\n".join(purchases)}
    assert marketer.post(members_page(offer_id), form).status_code == 302
    page = marketer.get(members_page(offer_id)).content.decode()
    assert "1 member more has it" in page
    assert "1 member has it" in page
    assert bakery.price(1_000, alice).quote.discount == 100
    for other in (olga, None):
        assert bakery.price(1_000, other).quote.discount == 0
    client.force_login(alice)
    assert "10 % op brood" in client.get(CARD).content.decode()
    client.force_login(olga)
    assert "10 % op brood" not in client.get(CARD).content.decode()
    priced = bakery.price(1_000, alice)
    (line,) = priced.quote.lines
    because = line.reasons()[0]["because"]
    assert because == {"nl": "omdat zij voor u gekozen is", "en": "because it was chosen for you"}
    prove()


def test_who_takes_the_consent_back_has_it_no_more(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    allow(alice, bakery.merchant_id, "offers")
    offer_id = bakery.offer(assigned=True, per_person=5)
    give(bakery, offer_id, bought(bakery, alice))
    assert bakery.price(1_000, alice).quote.discount == 100
    withdraw_consent(
        person_id=alice.pk,
        merchant_id=bakery.merchant_id,
        purpose="offers",
        actor=bakery.actor,
        now=clock.now(),
    )
    assert bakery.price(1_000, alice).quote.discount == 0


def give(bakery: Bakery, offer_id: int, *purchases: str) -> None:
    """Give a personal offer to who made these purchases."""
    assign_offer(
        merchant_id=bakery.merchant_id,
        offer_id=offer_id,
        purchases=purchases,
        actor=bakery.actor,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("{sale}", "", "no number"), "Line 3: “no number” is no purchase of yours"),
        (("{sale}", "{strange}"), "Line 2: “{strange}” is no purchase of yours"),
        (("{sale}", "{sale}"), "Line 2 is the purchase of line 1"),
    ],
)
def test_a_wrong_line_is_named_and_nobody_was_given_anything(
    marketer: Client, bakery: Bakery, alice: Person, lines: tuple[str, ...], said: str
) -> None:
    bakery.join(alice)
    allow(alice, bakery.merchant_id, "offers")
    known = {"sale": bought(bakery, alice), "strange": str(uuid4())}
    offer_id = bakery.offer(assigned=True)
    text = "\n".join(lines).format(**known)
    answer = marketer.post(members_page(offer_id), {"purchases": text})
    assert answer.status_code == 422
    assert said.format(**known) in answer.content.decode()
    assert how_many() == 0


def test_the_shop_next_door_gives_nothing_to_our_members(
    bakery: Bakery, alice: Person, charlie: Person, client: Client
) -> None:
    bakery.join(alice)
    offer_id = bakery.offer(assigned=True)
    client.force_login(charlie)
    assert client.get(members_page(offer_id)).status_code in {403, 404}
    address = f"/console/kaashuis/programme/offers/{offer_id}/members/"
    assert client.post(address, {"purchases": "x"}).status_code == 404


def test_an_offer_that_members_have_stays_a_personal_one(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    allow(alice, bakery.merchant_id, "offers")
    offer_id = bakery.offer(assigned=True)
    give(bakery, offer_id, bought(bakery, alice))
    give(bakery, offer_id, bought(bakery, alice))
    assert how_many() == 1
    with pytest.raises(OfferHasMembers):
        bakery.offer(offer_id)
    with pytest.raises(OfferIsForEverybody):
        give(bakery, bakery.offer())


def test_a_planted_breach_is_found(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    allow(alice, bakery.merchant_id, "offers")
    offer_id = bakery.offer(assigned=True)
    give(bakery, offer_id, bought(bakery, alice))
    assert not coupon_invariants.personal_offers_are_given_to_members().breaches
    plant("UPDATE loyalty_offer SET assigned = false")
    (found,) = coupon_invariants.personal_offers_are_given_to_members().breaches
    assert "is for everybody" in found
