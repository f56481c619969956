"""The card at the counter: what is shared, live, and seen to be seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Merchant, Person, Role
from tests.merchants.members.known import FACTS, allow, looked, somebody, told
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World
from tests.wallet.sales import line, sell
from wallet.actions.withdraw_consent import withdraw_consents
from wallet.models import Disclosure, Purpose

pytestmark = pytest.mark.django_db

CARD = "/console/bakkerij-bol/customers/card/"
FIND = "/console/bakkerij-bol/customers/"


@pytest.fixture
def person(world: World) -> Person:
    """She bought a turnover half an hour ago."""
    person = somebody()
    sell(
        world.till.store,
        now=clock.now() - timedelta(minutes=30),
        person=person,
        lines=[line(1, "Appelflap", 275)],
    )
    relay.drain(now=clock.now())
    return person


@pytest.fixture
def bakery(world: World) -> Merchant:
    return world.bol.merchant


@pytest.fixture
def sam(client: Client, world: World) -> Client:
    """Sam, the bakery's cashier, in a browser."""
    client.force_login(world.sam)
    return client


def found(browser: Client, number: str) -> Any:
    """Find by what stands on the receipt, or by a code."""
    return browser.post(FIND, {"number": number}, follow=True)


def test_the_card_shows_what_is_shared_and_each_fact_is_a_line(
    sam: Client, person: Person, bakery: Merchant
) -> None:
    allow(person, bakery.pk, *Purpose.values)
    page = found(sam, "R-1").content.decode()
    assert told(page) == {"identity", "contact", "preferences"}
    assert "Appelflap" in page
    with operator_scope("the test looks"):
        looks = list(Disclosure.objects.order_by("id"))
    assert {look.purpose for look in looks} == {
        "identity",
        "contact",
        "preferences",
        "purchases",
        "recognition",
    }
    assert {(look.actor_name, look.why, look.about) for look in looks} == {
        ("Sam Bakker (kassamedewerker)", "question", "R-1")
    }
    prove()


def test_without_consent_the_card_says_nothing_and_nobody_looked(
    sam: Client, person: Person
) -> None:
    page = found(sam, "R-1").content.decode()
    assert told(page) == set()
    assert "Appelflap" not in page
    assert "Naam niet gedeeld" in page
    assert looked() == 0


def test_a_withdrawal_acts_on_the_next_request(
    sam: Client, person: Person, bakery: Merchant
) -> None:
    allow(person, bakery.pk, *Purpose.values)
    assert told(found(sam, "R-1").content.decode())
    withdraw_consents(person_id=person.pk, now=clock.now(), actor=SYSTEM)
    before = looked()
    assert told(sam.get(CARD).content.decode()) == set()
    assert told(sam.post(CARD).content.decode()) == set()
    assert looked() == before


def test_allergies_take_a_tap_and_explicit_consent(
    sam: Client, person: Person, bakery: Merchant
) -> None:
    allow(person, bakery.pk, *(set(Purpose.values) - {"allergies"}))
    found(sam, "R-1")
    assert "allergies" not in told(sam.post(CARD).content.decode())
    allow(person, bakery.pk, "allergies")
    assert "allergies" not in told(sam.get(CARD).content.decode())
    assert looked("allergies") == 0
    assert "allergies" in told(sam.post(CARD).content.decode())
    assert looked("allergies") == 1


def test_a_scan_opens_the_card_only_of_who_wants_to_be_recognised(
    sam: Client, person: Person, bakery: Merchant
) -> None:
    phone = Phone.of(person, now=clock.now())
    allow(person, bakery.pk, "identity")
    page = found(sam, phone.shows(clock.now())).content.decode()
    assert told(page) == set()
    assert "deelt geen klantkaart" in page
    allow(person, bakery.pk, "recognition")
    page = found(sam, phone.shows(clock.now())).content.decode()
    assert told(page) == {"identity"}
    assert "was hier één keer" in page


def test_a_code_that_is_none_and_a_number_that_is_nobodys_open_nothing(
    sam: Client, world: World
) -> None:
    sell(world.till.store, now=clock.now())
    assert found(sam, "93" + "0" * 20).status_code == 422
    assert found(sam, "nergens").status_code == 422
    assert "geen code gescand" in found(sam, "R-1").content.decode()
    assert sam.get(CARD).status_code == 302


def test_several_purchases_of_one_number_are_chosen_from(
    sam: Client, person: Person, bakery: Merchant, world: World
) -> None:
    sell(world.till.store, now=clock.now(), person=person)
    allow(person, bakery.pk, "identity")
    choice = found(sam, "R-1")
    assert told(choice.content.decode()) == set()
    sale = choice.context["found"][0]
    page = sam.post(FIND, {"purchase": str(sale.uuid)}, follow=True).content.decode()
    assert told(page) == {"identity"}


def test_the_card_closes_by_itself_and_is_never_kept_by_the_browser(
    sam: Client, person: Person, bakery: Merchant
) -> None:
    assert "no-store" in found(sam, "R-1").headers["Cache-Control"]
    session = sam.session
    session["customer"] |= {"since": (clock.now() - timedelta(minutes=11)).isoformat()}
    session.save()
    assert sam.get(CARD).status_code == 302


def test_who_does_not_help_customers_opens_no_card(
    client: Client, world: World, person: Person
) -> None:
    for role, status in ((Role.MARKETER, 403), (Role.FINANCE, 403)):
        colleague = world.bob if role is Role.MARKETER else world.alice
        grant_membership(
            person_id=colleague.pk, merchant_id=world.bol.merchant.pk, role=role, actor=SYSTEM
        )
        client.force_login(colleague)
        assert client.get(FIND).status_code == status
        assert client.post(FIND, {"number": "R-1"}).status_code == status
        assert client.get(CARD).status_code == status
    client.force_login(world.charlie)
    assert client.get(FIND).status_code == 404
    assert client.get(CARD).status_code == 404


def test_another_shop_finds_neither_the_purchase_nor_the_card(
    client: Client, person: Person, bakery: Merchant, world: World
) -> None:
    allow(person, bakery.pk, *Purpose.values)
    client.force_login(world.charlie)
    answer = client.post("/console/kaashuis/customers/", {"number": "R-1"})
    assert answer.status_code == 422
    assert told(answer.content.decode()) == set()
    assert client.get("/console/kaashuis/customers/card/").status_code == 302


def test_the_mirror_is_the_card(
    sam: Client, person: Person, bakery: Merchant, world: World
) -> None:
    allow(person, bakery.pk, "identity", "purchases", "recognition")
    staff = found(sam, "R-1").content.decode()
    before = looked()
    own = Client()
    own.force_login(person)
    mirror = own.get("/wallet/you/shops/bakkerij-bol/card/").content.decode()
    assert _card(mirror) == _card(staff)
    assert looked() == before
    assert all(fact in mirror for fact in FACTS[Purpose.IDENTITY])


def _card(page: str) -> str:
    start = page.index("<article")
    return page[start : page.index("</article>")]
