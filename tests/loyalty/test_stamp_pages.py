"""Stamp cards through the front door: made by the shop, said at the till, drawn on the phone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from loyalty.engine import Texts
from loyalty.models import MemberStamps, Offer, OfferKind
from loyalty.own_data import LoyaltyData
from loyalty.queries.stamps import stamp_cards
from merchants.returns.asking import LineAsked
from okplatform.kernel import clock
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_pages import CARD, CONSOLE, mia
from tests.payments.refunding import give_back
from tests.support.counter import Counter, basket, show, with_bank_account
from tests.support.proofs import prove
from tests.support.world import NOW, World
from wallet import hooks

__all__ = ["mia"]

pytestmark = pytest.mark.django_db

LOAF = {
    "category": "brood",
    "sku": "desem",
    "name": "Desembrood",
    "quantity": 1,
    "unit_price": 420,
    "vat_rate": 900,
}
NEW = f"{CONSOLE}offers/new/"
SAID = {
    "kind": "stamps",
    "name_nl": "Derde brood gratis",
    "name_en": "Third loaf free",
    "percentage": "100",
    "pieces": "3",
    "target": "categories",
    "categories": ["brood"],
}


@pytest.fixture
def counter(bakery: Bakery, world: World) -> Counter:
    return Counter(world.till, world.till.key)


def made(bakery: Bakery, **other: Any) -> int:
    """Make the card that the form makes."""
    terms = {
        "name": Texts(nl="Derde brood gratis", en="Third loaf free"),
        "kind": OfferKind.STAMPS,
        "percentage_bp": 10_000,
        "pieces": 3,
    }
    return bakery.offer(**{**terms, **other})


def on_cards() -> list[int]:
    with operator_scope("the tests look"):
        return list(MemberStamps.objects.values_list("count", flat=True))


def test_a_shop_makes_a_card_and_hears_what_came_of_it(
    client: Client, bakery: Bakery, mia: Person, alice: Person
) -> None:
    client.force_login(mia)
    assert client.post(NEW, {**SAID, "lapse_days": "90"}).status_code == 302
    with operator_scope("the tests look"):
        card = Offer.objects.get(kind=OfferKind.STAMPS)
    assert (card.pieces, card.percentage_bp, card.lapse_days, card.per_visit) == (
        3,
        10_000,
        90,
        False,
    )
    bakery.join(alice)
    for _ in range(4):
        bakery.sell(420, alice)
    page = client.get(f"{CONSOLE}offers/{card.pk}/").content.decode()
    assert "1 lid heeft stempels." in page
    assert "1 volle kaart is gebruikt." in page
    assert "stempelkaart: nummer 3 is gratis" in page


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"by_code": "on"}, "by_code"),
        ({"assigned": "on"}, "assigned"),
        ({"pieces": ""}, "pieces"),
        ({"target": "basket"}, "kind"),
    ],
)
def test_what_a_card_cannot_be_is_said_beside_its_field(
    client: Client, bakery: Bakery, mia: Person, said: dict[str, str], what: str
) -> None:
    client.force_login(mia)
    answer = client.post(NEW, {**SAID, **said})
    assert answer.status_code == 422
    assert what in answer.context["form"].errors
    with operator_scope("the tests look"):
        assert not Offer.objects.exists()


def test_a_card_that_gets_longer_is_doubted_while_members_have_stamps(
    client: Client, bakery: Bakery, mia: Person, alice: Person
) -> None:
    number = made(bakery)
    client.force_login(mia)
    address = f"{CONSOLE}offers/{number}/"
    assert client.post(address, {**SAID, "pieces": "4"}).status_code == 302
    bakery.join(alice)
    bakery.sell(420, alice)
    answer = client.post(address, {**SAID, "pieces": "5"})
    assert "1 lid heeft stempels op deze kaart en zou er meer nodig" in answer.content.decode()
    assert client.post(address, {**SAID, "pieces": "5", "sure": "1"}).status_code == 302


def test_the_till_hears_how_far_the_card_is_and_the_third_is_free(
    counter: Counter, bakery: Bakery, alice: Person
) -> None:
    made(bakery)
    bakery.join(alice)
    phone = with_bank_account(alice)
    first = counter.sell(phone, LOAF).json()
    assert first["verdict"] == "happened"
    assert first["discount"] == 0
    counter.sell(phone, LOAF)
    third = counter.sell(phone, LOAF).json()
    assert (third["due"], third["discount"]) == (0, 420)
    (off,) = third["lines"][0]["discounts"]
    assert off["text"] == "Derde brood gratis"
    assert off["because"] == "omdat uw stempelkaart vol was"
    assert on_cards() == [0]
    prove()


def test_a_price_says_what_is_still_to_buy(counter: Counter, bakery: Bakery, alice: Person) -> None:
    made(bakery)
    bakery.join(alice)
    phone = with_bank_account(alice)
    body = basket(LOAF, code=show(phone))
    misses = counter.put(uuid4(), body).json()["near_misses"]
    assert "Nog 1, en bij de volgende krijgt u: Derde brood gratis." in [
        miss["sentence"] for miss in misses
    ]
    assert on_cards() == []


def test_the_phone_draws_the_card_and_the_receipt_says_what_came_on_it(
    client: Client, bakery: Bakery, alice: Person, bob: Person
) -> None:
    made(bakery)
    client.force_login(alice)
    page = client.get(CARD).content.decode()
    assert "Derde brood gratis" in page
    assert "0/3" in page
    bakery.join(alice)
    sale_id, _ = bakery.sell(420, alice)
    page = client.get(CARD).content.decode()
    assert page.count("stamp-there") == 1
    assert "Nog 1 en de volgende is gratis." in page
    note = hooks.notes_on(sale_id, alice.pk)[-1]
    assert (note.title, note.line, note.value) == (
        "+ 1 stempel · Derde brood gratis",
        "Nog 1 en de volgende is gratis.",
        "1/3",
    )
    assert not any("stempel" in one.title for one in hooks.notes_on(sale_id, bob.pk))


def test_a_large_card_is_a_bar(client: Client, bakery: Bakery, alice: Person) -> None:
    made(bakery, pieces=50, lapse_days=30)
    bakery.join(alice)
    bakery.sell(420, alice)
    client.force_login(alice)
    page = client.get(CARD).content.decode()
    assert "stamp-there" not in page
    assert "1/50" in page
    assert "Deze stempels tellen tot en met 17 december 2026." in page


@pytest.mark.parametrize(("days", "count"), [(30, 1), (31, 0)])
def test_the_phone_forgets_stamps_when_the_sale_does(
    bakery: Bakery, alice: Person, days: int, count: int
) -> None:
    made(bakery, lapse_days=30)
    member = bakery.join(alice)
    bakery.sell(420, alice)
    now = NOW + timedelta(days=days)
    (card,) = stamp_cards(
        merchant_id=bakery.merchant_id, member_id=member.pk, language="nl", now=now
    )
    assert card.count == count
    priced = bakery.price(420, alice, now=now)
    assert priced.quote.stamped[0].lapsed == 1 - count


def test_a_person_takes_the_stamps_along(bakery: Bakery, alice: Person, bob: Person) -> None:
    made(bakery)
    bakery.join(alice)
    bakery.sell(420, alice)
    found = {one.name: one.rows for one in LoyaltyData().sections(alice.pk)}
    (row,) = found["stamp_cards"]
    assert (row["card"], row["stamps"]) == ("Derde brood gratis", 1)
    others = {one.name: one.rows for one in LoyaltyData().sections(bob.pk)}
    assert others["stamp_cards"] == []


def test_stamps_of_what_can_still_come_back_are_shown_as_waiting(
    bakery: Bakery, alice: Person, client: Client
) -> None:
    made(bakery, pieces=6)
    bakery.join(alice)
    for days in (20, 3, 1):
        bakery.sell(420, alice, at=clock.now() - timedelta(days=days))
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    assert "stamp-waits" not in client.get(CARD).content.decode()
    bakery.publish(pending_days=14)
    page = client.get(CARD).content.decode()
    assert (page.count("stamp-there"), page.count("stamp-waits")) == (1, 2)
    assert "2 stamps are of purchases that can come back until" in page
    bakery.publish(pending_days=3)
    assert client.get(CARD).content.decode().count("stamp-waits") == 2
    bakery.publish(pending_days=2)
    assert client.get(CARD).content.decode().count("stamp-waits") == 1


def test_what_came_back_waits_no_more_and_a_full_card_takes_the_oldest(
    bakery: Bakery, alice: Person
) -> None:
    made(bakery)
    bakery.publish(pending_days=14)
    member = bakery.join(alice)
    sales = [bakery.sell(420, alice, at=NOW - timedelta(days=days))[0] for days in (20, 2)]

    def waiting() -> tuple[int, int]:
        (card,) = stamp_cards(
            merchant_id=bakery.merchant_id, member_id=member.pk, language="nl", now=NOW
        )
        return card.count, card.waiting

    assert waiting() == (2, 1)
    give_back(bakery.world.till, sales[1], lines=[LineAsked(1, 1)])
    assert waiting() == (1, 0)
    bakery.sell(420, alice, at=NOW - timedelta(days=1))
    bakery.sell(420, alice)
    assert waiting() == (0, 0)
    bakery.sell(420, alice)
    assert waiting() == (1, 1)
    prove()
