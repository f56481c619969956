"""A retailer says how long points live; a shopper reads when theirs count, and when they end."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from loyalty.actions.lapse_points import lapse_points
from loyalty.actions.remind_of_points import remind_of_points
from loyalty.models import Expiry, Programme
from loyalty.own_data import LoyaltyData
from okplatform.kernel import clock, db, relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import broken, left, lots, pending, publish, turn
from tests.loyalty.test_pages import CARD, CONSOLE, PROGRAMME
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.push_service import PushService
from tests.support.world import World
from tests.wallet.pushes import send_due, wish
from wallet import hooks

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Six days before the last one of points that live for twelve days."""
LIVES = {"pending_days": "14", "expiry": "months", "expiry_length": "12"}


@pytest.fixture
def mia(world: World, bakery: Bakery) -> Person:
    """Mia does the bakery's marketing."""
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=bakery.merchant_id,
        role=Role.MARKETER,
        actor=bakery.actor,
    )
    return world.bob


@pytest.fixture
def wednesday() -> Any:
    """The day after what the bakery sells in these tests."""
    with clock.told_by(lambda: SOLD_AT + timedelta(days=1)):
        yield


def programme() -> Programme:
    with operator_scope("the test looks"):
        found: Programme = Programme.objects.get()
        return found


def test_a_marketer_lets_points_wait_and_end(client: Client, bakery: Bakery, mia: Person) -> None:
    client.force_login(mia)
    answer = client.post(CONSOLE, {**PROGRAMME, **LIVES}, follow=True)
    page = answer.content.decode()
    assert "Punten tellen zodra de 14 dagen voorbij zijn waarin u iets kunt terugbrengen." in page
    assert "Ze vervallen na 12 maanden." in page
    assert "volgen binnen enkele minuten" in page
    now = programme()
    assert (now.pending_days, now.expiry, now.expiry_length) == (14, Expiry.MONTHS, 12)
    turn(SOLD_AT)
    assert "volgen binnen enkele minuten" not in client.get(CONSOLE).content.decode()


def test_never_takes_no_number_along(client: Client, bakery: Bakery, mia: Person) -> None:
    client.force_login(mia)
    never = {**PROGRAMME, "pending_days": "0", "expiry": "never", "expiry_length": "7"}
    assert client.post(CONSOLE, never).status_code == 302
    assert programme().expiry_length is None
    assert "Punten tellen zodra" not in client.get(CONSOLE).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"expiry_length": ""},
        {"expiry_length": "0"},
        {"expiry_length": "-1"},
        {"expiry_length": "100000"},
        {"pending_days": "-1"},
        {"pending_days": "366"},
        {"expiry": "someday"},
        {"expiry": "month_end", "expiry_length": ""},
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Client, bakery: Bakery, mia: Person, wrong: dict[str, str]
) -> None:
    client.force_login(mia)
    answer = client.post(CONSOLE, {**PROGRAMME, **LIVES, **wrong})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert (programme().pending_days, programme().expiry) == (0, Expiry.NEVER)


def test_the_end_of_this_month_is_none_at_all(client: Client, bakery: Bakery, mia: Person) -> None:
    client.force_login(mia)
    this_month = {**PROGRAMME, "expiry": "month_end", "expiry_length": "0"}
    page = client.post(CONSOLE, this_month, follow=True).content.decode()
    assert "Ze vervallen aan het eind van de maand waarin ze tellen." in page


def test_a_shopper_reads_the_terms_before_joining_and_the_days_after(
    client: Client, bakery: Bakery, alice: Person, wednesday: None
) -> None:
    bakery.publish(pending_days=14, expiry=Expiry.YEAR_END, expiry_length=1)
    client.force_login(alice)
    assert (
        "Ze vervallen aan het eind van het jaar, 1 jaar later." in client.get(CARD).content.decode()
    )
    bakery.join(alice)
    bakery.sell(1_840, alice)
    page = client.get(CARD).content.decode()
    assert "18 punten" in page
    assert "te besteden vanaf 2 december" in page
    assert "geldig tot" not in page
    turn(datetime(2026, 12, 2, tzinfo=UTC))
    page = client.get(CARD).content.decode()
    assert "te besteden vanaf" not in page
    assert "geldig tot en met 31 december 2027" in page


def test_a_plain_programme_speaks_of_no_days(client: Client, bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    bakery.sell(1_840, alice)
    client.force_login(alice)
    page = client.get(CARD).content.decode()
    assert "Vanaf wanneer" not in page
    assert "vervallen" not in page


def test_the_card_says_what_ends_soon_or_is_still_to_come(
    bakery: Bakery, alice: Person, wednesday: None
) -> None:
    bakery.publish(pending_days=14)
    bakery.join(alice)
    bakery.sell(1_840, alice)
    (card,) = hooks.cards_of(alice.pk, alice.mode)
    assert (card.value, card.subtitle) == ("0", "punten, er komen er nog 18")
    publish(bakery, Expiry.DAYS, 10)
    bakery.sell(1_000, alice)
    (card,) = hooks.cards_of(alice.pk, alice.mode)
    assert (card.value, card.subtitle) == ("10", "10 punten geldig tot en met 27 november")


def test_the_receipt_says_from_when_and_until_when(
    bakery: Bakery, alice: Person, wednesday: None
) -> None:
    bakery.publish(pending_days=14, expiry=Expiry.MONTHS, expiry_length=12)
    bakery.join(alice)
    sale, _points = bakery.sell(2_000, alice)
    (note,) = hooks.notes_on(sale, alice.pk)
    assert (note.title, note.value) == ("+ 20 punten", "0")
    assert note.line.endswith("· te besteden vanaf 2 december · geldig tot en met 2 december 2027")
    publish(bakery, Expiry.DAYS, 12)
    sale, _points = bakery.sell(100, alice)
    (note,) = hooks.notes_on(sale, alice.pk)
    assert note.line == "Geldig tot en met 29 november"


def test_what_ends_within_a_week_stands_below_the_code(
    client: Client, bakery: Bakery, alice: Person, bob: Person, wednesday: None
) -> None:
    bakery.join(alice)
    bakery.sell(500, alice)
    publish(bakery, Expiry.DAYS, 9)
    turn(SOLD_AT)
    publish(bakery, Expiry.DAYS, 8)
    bakery.sell(1_000, alice)
    client.force_login(alice)
    page = client.get("/wallet/").content.decode()
    assert "10 punten vervallen binnenkort" in page
    assert "Bakkerij Bol, geldig tot en met 25 november" in page
    assert "5 punten vervallen" not in page
    client.force_login(bob)
    assert "vervallen binnenkort" not in client.get("/wallet/").content.decode()


def remind(now: datetime) -> int:
    return remind_of_points(page=lambda reference: f"/p/{reference}/", now=now)


def test_a_phone_says_once_that_points_end(
    push_service: PushService, bakery: Bakery, alice: Person
) -> None:
    phone = push_service.phone(alice)
    wish(alice, shows_details=True)
    publish(bakery, Expiry.DAYS, 12)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    bakery.sell(800, alice)
    assert remind(MONDAY - timedelta(days=2)) == 0
    assert remind(MONDAY) == 1
    assert remind(MONDAY + timedelta(hours=1)) == 0
    assert send_due(MONDAY) == ["sent"]
    (shown,) = phone.shown
    assert (shown["title"], shown["url"]) == ("Bakkerij Bol", "/p/bakkerij-bol/")
    assert shown["body"] == "18 punten geldig tot en met 29 november."


def test_points_that_wait_live_on_or_were_spent_are_not_spoken_of(
    push_service: PushService, bakery: Bakery, alice: Person
) -> None:
    push_service.phone(alice)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    bakery.publish(pending_days=30, expiry=Expiry.DAYS, expiry_length=1)
    turn(SOLD_AT - timedelta(days=12))
    bakery.sell(500, alice)
    publish(bakery, Expiry.DAYS, 12)
    sale, _points = bakery.sell(700, alice)
    give_back(bakery.world.till, sale, 700, now=SOLD_AT)
    assert remind(MONDAY) == 0


def test_whoever_leaves_leaves_points_as_breakage(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    for person in (alice, bob):
        bakery.join(person)
    sale, _points = bakery.sell(1_000, alice)
    bakery.sell(900, bob)
    LoyaltyData().sections(alice.pk)
    with db.transaction():
        LoyaltyData().forget(alice.pk, now=SOLD_AT, actor=bakery.actor)
    with db.transaction():
        assert lapse_points(person_id=alice.pk, now=SOLD_AT) == 0
    assert (bakery.points(alice), bakery.points(bob)) == (0, 9)
    assert broken() == [("left", 10)]
    relay.drain()
    prove()
    given = give_back(bakery.world.till, sale, 1_000, now=SOLD_AT)
    assert (given.points, given.points_owed) == (10, 0)
    assert broken() == [("left", 10), ("returned", -10)]
    relay.drain()
    prove()


def test_whoever_leaves_leaves_points_that_wait_too(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 30)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    bakery.publish(pending_days=14, expiry=Expiry.DAYS, expiry_length=30)
    sale, _points = bakery.sell(500, alice)
    (section,) = [one for one in LoyaltyData().sections(alice.pk) if one.name == "points_lots"]
    assert [(row["points"], row["waiting"]) for row in section.rows] == [(10, False), (5, True)]
    assert json.dumps(section.rows)
    with db.transaction():
        assert lapse_points(person_id=alice.pk, now=SOLD_AT) == 15
    assert (bakery.points(alice), pending(alice), left(alice)) == (0, 0, [0, 0])
    assert broken() == [("left", 10), ("left", 5)]
    assert not any(lot.is_pending for lot in lots(alice))
    give_back(bakery.world.till, sale, 500, now=SOLD_AT)
    assert broken()[2:] == [("returned", -5)]
    relay.drain()
    prove()


def test_who_left_before_there_were_lots_holds_no_return_up(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    sale, _points = bakery.sell(1_000, alice)
    with db.transaction():
        lapse_points(person_id=alice.pk, now=SOLD_AT)
    publish(bakery, Expiry.DAYS, 30)
    turn(SOLD_AT)
    given = give_back(bakery.world.till, sale, 1_000, now=SOLD_AT)
    assert (given.points, given.points_owed) == (10, 10)
    assert broken() == [("left", 10)]
    relay.drain()
    prove()
