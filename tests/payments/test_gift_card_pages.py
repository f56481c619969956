"""The console's pages of gift cards: terms, what is owed, each story, blocked and replaced."""

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Role
from payments.gift_cards import number_of, pin_of
from payments.models import GiftCard, GiftCardTerms
from tests.payments.gift_cards import Cards, on
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db
CARDS = "/console/bakkerij-bol/gift-cards/"


def staff(world: World, role: Role) -> Client:
    person = create_person(email=f"{role}@bol.example", name="Bella Bol", actor=SYSTEM)
    grant_membership(
        person_id=person.pk, merchant_id=world.bol.merchant.pk, role=role, actor=SYSTEM
    )
    browser = Client()
    browser.force_login(person)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture
def bella(world: World) -> Client:
    return staff(world, Role.OWNER)


@pytest.fixture
def cards(world: World) -> Cards:
    return Cards(world.till).start()


def text(response: object) -> str:
    page = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


def test_selling_is_switched_on_with_how_long_cards_are_good(bella: Client) -> None:
    assert "No gift cards yet" in text(bella.get(CARDS))
    bella.post(CARDS, {"is_selling": "on", "valid_months": "24"})
    with operator_scope("a test looks"):
        terms = GiftCardTerms.objects.get()
    assert (terms.is_selling, terms.valid_months) == (True, 24)
    assert bella.post(CARDS, {"is_selling": "on", "valid_months": "0"}).status_code == 422


def test_what_is_owed_is_there_to_the_cent_and_each_card_has_its_story(
    bella: Client, cards: Cards
) -> None:
    card, other = cards.load(2_500), cards.load(1_000)
    cards.spend(card, 1_100)

    page = text(bella.get(CARDS))
    assert "€24.00 is on your cards" in page
    assert f"•••• {other.number_end}" in page

    story = text(bella.get(f"{CARDS}{card.pk}/"))
    assert "then €14.00 on it" in story
    assert "Sold · cash" in story
    assert number_of(card.seed) not in story


def test_the_bookkeeper_gets_each_month_with_what_is_owed_at_its_end(
    bella: Client, cards: Cards
) -> None:
    card = cards.load(2_500)
    cards.spend(card, 1_100)
    cards.load(500, card)

    lines = bella.get(f"{CARDS}months.csv").content.decode().splitlines()

    assert lines[0] == (
        "month,sold,topped_up,for_points,spent,given_back,taken_back,written_off,outstanding"
    )
    amounts = ["25.00", "5.00", "0.00", "11.00", "0.00", "0.00", "0.00", "19.00"]
    assert lines[1].split(",")[1:] == amounts
    assert len(lines) == 2


def test_a_card_is_found_by_its_last_digits(bella: Client, cards: Cards) -> None:
    card = cards.load(2_500)
    assert card.number_end in text(bella.get(CARDS, {"end": card.number_end}))
    wrong = f"{(int(card.number_end) + 1) % 10_000:04}"
    assert "No card ends with these digits" in text(bella.get(CARDS, {"end": wrong}))


def test_a_card_is_blocked_with_a_reason_and_comes_back(bella: Client, cards: Cards) -> None:
    card = cards.load(2_500)
    page = f"{CARDS}{card.pk}/"
    assert bella.post(page, {"act": "block", "reason": " "}).status_code == 422
    bella.post(page, {"act": "block", "reason": "Stolen"})
    with operator_scope("a test looks"):
        assert GiftCard.objects.get().state == "blocked"
    assert AuditEntry.objects.get(action="gift_card_blocked").data["reason"] == "Stolen"

    assert bella.post(page, {"act": "block", "reason": "Again"}).status_code == 422
    bella.post(page, {"act": "unblock", "reason": "Found"})
    with operator_scope("a test looks"):
        assert GiftCard.objects.get().state == "active"


def test_a_lost_card_is_replaced_with_all_that_was_on_it(bella: Client, cards: Cards) -> None:
    card = cards.load(2_500)
    cards.spend(card, 500)
    page = f"{CARDS}{card.pk}/"

    answer = text(bella.post(page, {"act": "replace", "reason": "Lost"}))

    with operator_scope("a test looks"):
        made = GiftCard.objects.exclude(pk=card.pk).get()
        card.refresh_from_db()
    assert (card.state, card.replaced_by_id) == ("replaced", made.pk)
    assert (on(card), on(made)) == (0, 2_000)
    assert number_of(made.seed)[:4] in answer
    assert pin_of(made.seed) in answer
    assert cards.issued() == -2_000
    assert bella.post(page, {"act": "replace", "reason": "Lost"}).status_code == 422
    prove()


def test_cashiers_and_other_shops_do_not_see_them(world: World, cards: Cards) -> None:
    card = cards.load(2_500)
    cashier = staff(world, Role.CASHIER)
    assert cashier.get(CARDS).status_code in {403, 404}
    olga = Client()
    olga.force_login(world.olga)
    assert olga.get(f"/console/boekhandel-kramer/gift-cards/{card.pk}/").status_code == 404
