"""A shopper keeps a gift card, sees what is on it, and lets it go."""

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.models import Person
from payments.gift_card_numbers import written
from payments.gift_cards import number_of, pin_of
from payments.models import GiftCard, KeptGiftCard
from payments.own_data import PaymentData
from tests.payments.gift_cards import Cards, on
from tests.support.world import NOW, World
from wallet.actions.count_guess import ALLOWED_PER_TILL

pytestmark = pytest.mark.django_db
ADD = "/wallet/gift-cards/"


@pytest.fixture
def cards(world: World) -> Cards:
    return Cards(world.till).start()


@pytest.fixture
def card(cards: Cards) -> GiftCard:
    return cards.load(2_500)


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    return client


def text(response: object) -> str:
    page = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


def shown(card: GiftCard) -> dict[str, str]:
    return {"number": written(number_of(card.seed)), "pin": pin_of(card.seed)}


def test_a_card_is_kept_and_shows_what_is_on_it(hers: Client, cards: Cards, card: GiftCard) -> None:
    answer = hers.post(ADD, shown(card))
    assert answer.status_code == 302
    cards.spend(card, 600)

    page = text(hers.get(answer["Location"]))
    assert "€19.00" in page
    assert "<svg" in page
    assert written(number_of(card.seed)) in page
    assert "€19.00" in text(hers.get("/wallet/cards/"))


def test_kept_twice_it_is_kept_once(hers: Client, card: GiftCard) -> None:
    for _ in range(2):
        assert hers.post(ADD, shown(card)).status_code == 302
    assert KeptGiftCard.objects.count() == 1


def test_a_wrong_pin_keeps_nothing_and_guessing_ends(hers: Client, card: GiftCard) -> None:
    wrong = {**shown(card), "pin": f"{(int(pin_of(card.seed)) + 1) % 10_000:04}"}
    assert "not known here" in text(hers.post(ADD, wrong))
    told = [text(hers.post(ADD, wrong)) for _ in range(ALLOWED_PER_TILL)]
    assert "Too many" in told[-1]
    assert "Too many" in text(hers.post(ADD, shown(card)))
    assert not KeptGiftCard.objects.exists()


def test_a_number_that_is_none_is_said(hers: Client) -> None:
    answer = hers.post(ADD, {"number": "1234", "pin": "1234"})
    assert answer.status_code == 422
    assert "16 digits" in text(answer)


def test_nobody_sees_a_card_they_do_not_keep(hers: Client, card: GiftCard, bob: Person) -> None:
    hers.post(ADD, shown(card))
    his = Client()
    his.force_login(bob)
    assert his.get(f"{ADD}{card.pk}/").status_code == 404


def test_it_is_let_go_and_the_money_stays_on_it(hers: Client, card: GiftCard) -> None:
    hers.post(ADD, shown(card))
    hers.post(f"{ADD}{card.pk}/")
    assert not KeptGiftCard.objects.exists()
    assert on(card) == 2_500


def test_it_is_in_what_a_person_takes_along_and_gone_when_they_leave(
    hers: Client, alice: Person, card: GiftCard
) -> None:
    hers.post(ADD, shown(card))
    sections = {section.name: section.rows for section in PaymentData().sections(alice.pk)}
    (kept,) = sections["gift_cards"]
    assert (kept["balance"], kept["number_end"]) == (2_500, card.number_end)
    assert number_of(card.seed) not in str(sections)

    with transaction():
        PaymentData().forget(alice.pk, now=NOW, actor=SYSTEM)
    assert not KeptGiftCard.objects.exists()
    assert on(card) == 2_500
