"""The shopper joins with one tap; the retailer publishes without a manual; others see nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from loyalty.models import Member, Offer, Programme
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.support.world import World
from wallet import hooks

CARD = "/wallet/programmes/bakkerij-bol/"
CONSOLE = "/console/bakkerij-bol/programme/"

PROGRAMME = {
    "name": "Bol spaart",
    "points_per_euro": "2",
    "points_nl": "kruimels",
    "points_en": "crumbs",
    "terms_nl": "Twee per euro.",
    "terms_en": "Two per euro.",
}
OFFER = {
    "name_nl": "10 % op brood",
    "name_en": "10% off bread",
    "percentage": "12.5",
    "target": "categories",
    "categories": ["brood"],
    "budget": "25.00",
    "uses": "",
    "min_basket": "",
}


@pytest.fixture
def mia(world: World, bakery: Bakery) -> Person:
    """Mia does the bakery's marketing."""
    person = world.bob
    grant_membership(
        person_id=person.pk,
        merchant_id=bakery.merchant_id,
        role=Role.MARKETER,
        actor=bakery.actor,
    )
    return person


def members() -> int:
    with operator_scope("the tests look"):
        return int(Member.objects.count())


def test_a_shopper_joins_with_one_tap_and_sees_the_points_of_the_next_sale(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    client.force_login(alice)
    assert "Doe mee" in client.get(CARD).content.decode()
    joined = client.post(CARD, {"terms_version": "1"}, follow=True)
    assert "U doet mee." in joined.content.decode()
    bakery.sell(1_840, alice)
    page = client.get(CARD).content.decode()
    assert "18" in page
    assert "Doe mee" not in page


def test_terms_that_changed_are_shown_before_anybody_joins(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    client.force_login(alice)
    for sent in ("0", "2", "", "x", "1" * 40):
        answer = client.post(CARD, {"terms_version": sent}, follow=True)
        assert "De voorwaarden zijn veranderd" in answer.content.decode()
    assert members() == 0


def test_who_is_not_signed_in_is_asked_to(client: Client, bakery: Bakery) -> None:
    for address in (CARD, CONSOLE, reverse("loyalty:programmes")):
        assert client.get(address).status_code == 302
    assert client.post(CARD, {"terms_version": "1"}).status_code == 302
    assert members() == 0


def test_a_merchant_without_a_programme_has_no_card(
    client: Client, world: World, alice: Person
) -> None:
    reference = world.kaashuis.merchant.reference
    client.force_login(alice)
    assert client.get(f"/wallet/programmes/{reference}/").status_code == 404


def test_the_list_shows_ones_own_programmes_first(
    client: Client, bakery: Bakery, alice: Person
) -> None:
    client.force_login(alice)
    page = client.get(reverse("loyalty:programmes")).content.decode()
    assert "Hier kunt u meedoen" in page
    assert "Hier spaart u" not in page
    bakery.join(alice)
    page = client.get(reverse("loyalty:programmes")).content.decode()
    assert "Hier spaart u" in page
    assert "Hier kunt u meedoen" not in page


def test_the_wallet_shows_a_card_and_the_receipt_what_was_earned(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    bakery.join(alice)
    sale_id, _ = bakery.sell(1_840, alice)
    (card,) = hooks.cards_of(alice.pk, alice.mode)
    assert (card.title, card.value, card.subtitle) == ("Bakkerij Bol", "18", "punten")
    (note,) = hooks.notes_on(sale_id, alice.pk)
    assert (note.title, note.value) == ("+ 18 punten", "18")
    assert note.line == "Nog €\N{NO-BREAK SPACE}1,60 en het waren er 20"
    assert hooks.notes_on(sale_id, bob.pk) == []


def test_a_receipt_names_the_offer_that_was_nearly_reached(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    bakery.offer(min_basket=2_000)
    sale_id, _ = bakery.sell(1_990, alice)
    (note,) = hooks.notes_on(sale_id, alice.pk)
    assert note.line.endswith("0,10 en u had gekregen: 10 % op brood")


def test_a_marketer_publishes_the_programme(client: Client, bakery: Bakery, mia: Person) -> None:
    client.force_login(mia)
    assert client.get(CONSOLE).status_code == 200
    assert client.post(CONSOLE, PROGRAMME).status_code == 302
    with operator_scope("the tests look"):
        programme = Programme.objects.get()
    assert programme.milli_points_per_cent == 20
    assert programme.points_name == {"nl": "kruimels", "en": "crumbs"}
    assert programme.terms_version == 2


def test_who_has_no_programme_yet_finds_one_proposed(
    client: Client, world: World, charlie: Person
) -> None:
    client.force_login(charlie)
    page = client.get("/console/kaashuis/programme/").content.decode()
    assert "Nog niet gepubliceerd" in page
    assert "Bij Kaashuis Charlie spaart u punten" in page
    assert "At Kaashuis Charlie you earn points" in page


def test_a_form_with_a_mistake_says_so_beside_the_field_and_changes_nothing(
    client: Client, bakery: Bakery, mia: Person
) -> None:
    client.force_login(mia)
    for wrong in ({"points_per_euro": "0"}, {"points_per_euro": "0.05"}, {"name": ""}):
        answer = client.post(CONSOLE, {**PROGRAMME, **wrong})
        assert answer.status_code == 422
        assert "kruimels" in answer.content.decode()
    mistakes: list[dict[str, Any]] = [
        {"percentage": "0"},
        {"percentage": "101"},
        {"categories": []},
        {"target": "products", "products": ""},
        {"target": "products", "products": "goud"},
        {"first_day": "2026-02-02", "last_day": "2026-02-01"},
    ]
    for mistake in mistakes:
        answer = client.post(f"{CONSOLE}offers/new/", {**OFFER, **mistake})
        assert answer.status_code == 422, mistake
    with operator_scope("the tests look"):
        assert Programme.objects.get().name == "Bol spaart"
        assert not Offer.objects.exists()


def test_a_marketer_makes_changes_and_pauses_an_offer(
    client: Client, bakery: Bakery, mia: Person
) -> None:
    client.force_login(mia)
    assert client.post(f"{CONSOLE}offers/new/", OFFER).status_code == 302
    with operator_scope("the tests look"):
        offer = Offer.objects.get()
    assert (offer.percentage_bp, offer.budget, offer.exclusivity_group) == (1_250, 2_500, "offers")
    address = f"{CONSOLE}offers/{offer.pk}/"
    page = client.get(address).content.decode()
    assert 'value="12.5"' in page
    assert 'value="25.00"' in page
    assert client.post(address, {**OFFER, "percentage": "10", "combines": "on"}).status_code == 302
    assert client.post(f"{address}pause/").status_code == 302
    with operator_scope("the tests look"):
        offer.refresh_from_db()
    assert (offer.percentage_bp, offer.exclusivity_group, offer.state) == (1_000, "", "paused")
    assert "stilgezet" in client.get(CONSOLE).content.decode()
    client.post(f"{address}pause/", {"resume": "1"})
    assert bakery.price(1_000).quote.due == 900


def test_a_limit_below_what_was_given_is_explained(
    client: Client, bakery: Bakery, mia: Person
) -> None:
    client.force_login(mia)
    offer_id = bakery.offer(budget=2_500)
    bakery.sell(10_000)
    answer = client.post(f"{CONSOLE}offers/{offer_id}/", {**OFFER, "budget": "9.99"})
    assert answer.status_code == 422
    assert "Er is al meer gegeven" in answer.content.decode()


@pytest.mark.parametrize("address", ["", "offers/new/", "offers/1/", "offers/1/pause/"])
def test_a_cashier_may_not_make_rules(
    client: Client, bakery: Bakery, sam: Person, address: str
) -> None:
    client.force_login(sam)
    assert client.get(f"{CONSOLE}{address}").status_code == 403
    assert client.post(f"{CONSOLE}{address}", {**PROGRAMME, **OFFER}).status_code == 403
    with operator_scope("the tests look"):
        assert Programme.objects.get().milli_points_per_cent == 10


def test_another_merchants_owner_finds_nothing_and_changes_nothing(
    client: Client, bakery: Bakery, charlie: Person
) -> None:
    offer_id = bakery.offer()
    client.force_login(charlie)
    assert client.get(CONSOLE).status_code == 404
    own = "/console/kaashuis/programme/"
    assert client.get(f"{own}offers/{offer_id}/").status_code == 404
    assert client.post(f"{own}offers/{offer_id}/", OFFER).status_code == 404
    assert client.post(f"{own}offers/{offer_id}/pause/").status_code == 404
    assert bakery.price(1_000).quote.due == 900
