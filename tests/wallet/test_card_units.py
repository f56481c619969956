"""What a balance is counted in: chosen in the form, shown in words, kept by files."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import person_scope
from okplatform.parties.models import Person
from tests.wallet.cards import put, said
from wallet.actions.change_balance import change_balance
from wallet.card_units import amount_text, unit_choices
from wallet.models import Card

pytestmark = pytest.mark.django_db

ADD = "/wallet/cards/add/"


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    client.force_login(alice)
    return client


def only_card(person: Person) -> Card:
    with person_scope(person.pk):
        card: Card = Card.objects.get()
    return card


def form(**fields: Any) -> dict[str, Any]:
    return {"card": str(uuid4()), "said": str(uuid4()), "name": "Bakker", **fields}


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def put_on(card: Card, amount: int, now: datetime) -> None:
    change_balance(
        person_id=card.person_id,
        card=card.uuid,
        delta=amount,
        note="",
        said=said(now),
        now=now,
        actor=SYSTEM,
    )


@pytest.mark.parametrize(
    ("unit", "amount", "shown"),
    [
        ("EUR", 1250, "€ 12,50"),
        ("GBP", 1250, "£ 12,50"),
        ("points", 1250, "1.250 punten"),
        ("points", 1, "1 punt"),
        ("stamps", 7, "7 stempels"),
        ("stamps", -1, "-1 stempels"),
    ],
)
def test_a_balance_is_shown_in_what_was_chosen(
    hers: Client, alice: Person, now: datetime, unit: str, amount: int, shown: str
) -> None:
    hers.post(ADD, form(unit=unit))
    card = only_card(alice)
    assert card.unit == unit
    put_on(card, amount, now)
    assert shown in page(hers, f"/wallet/cards/{card.uuid}/")


def test_whole_units_have_no_decimals(hers: Client, alice: Person) -> None:
    hers.post(ADD, form(unit="stamps"))
    card = only_card(alice)
    address = f"/wallet/cards/{card.uuid}/balance/"
    refused = hers.post(address, {"amount": "2,5", "way": "on"}, follow=True)
    assert "Het saldo is niet veranderd." in refused.content.decode()
    hers.post(address, {"amount": "2", "way": "on"})
    assert only_card(alice).balance == 2


@pytest.mark.parametrize("unit", ["ABC", "gold", "eur", "<b>"])
def test_what_is_not_to_choose_from_is_refused(hers: Client, alice: Person, unit: str) -> None:
    answer = hers.post(ADD, form(unit=unit))
    assert answer.status_code == 200
    assert "Selecteer een geldige keuze" in answer.content.decode()
    with person_scope(alice.pk):
        assert not Card.objects.exists()


def test_a_form_without_the_field_leaves_euros(hers: Client, alice: Person) -> None:
    hers.post(ADD, form())
    assert only_card(alice).unit == "EUR"


def test_money_does_not_become_points_while_there_is_any(
    hers: Client, alice: Person, now: datetime
) -> None:
    card = put(alice, now - timedelta(hours=1), name="Cadeaubon")
    put_on(card, 1250, now)
    address = f"/wallet/cards/{card.uuid}/edit/"
    sent = form(name="Cadeaubon", unit="points", **{"initial-unit": "EUR"})
    assert "Er staat € 12,50 op deze kaart" in hers.post(address, sent).content.decode().replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert only_card(alice).unit == "EUR"
    put_on(card, -1250, now)
    hers.post(address, {**sent, "said": str(uuid4())})
    assert only_card(alice).unit == "points"
    history = page(hers, f"/wallet/cards/{card.uuid}/history/")
    assert "Punten" in history


def test_a_unit_of_another_app_stays_to_choose_from(
    hers: Client, alice: Person, now: datetime
) -> None:
    card = put(alice, now - timedelta(hours=1), name="Goud", unit="zegels")
    assert 'value="zegels" selected' in page(hers, f"/wallet/cards/{card.uuid}/edit/")
    with translation.override("en"):
        assert amount_text(3, "zegels") == "3 zegels"
        assert dict(unit_choices("XAU"))["XAU"] == "Gold"
