from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from okplatform.kernel.tenancy import person_scope
from okplatform.parties.models import Person
from tests.wallet.cards import BONUS, put
from wallet.actions.change_balance import BalanceChangeOutOfRange
from wallet.card_tiles import grouped, tile_of
from wallet.models import Card
from wallet.pages.card_edits import read_amount

pytestmark = pytest.mark.django_db

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def signed_in(alice: Person) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def sent(card: UUID, **fields: Any) -> dict[str, Any]:
    return {"card": str(card), "said": str(uuid4()), "name": "HEMA", **fields}


def cards(person: Person) -> list[Card]:
    with person_scope(person.pk):
        return list(Card.objects.order_by("name"))


def test_a_form_sent_twice_is_one_card(signed_in: Client, alice: Person) -> None:
    form = sent(uuid4(), groups="Eten, eten , Eten", payload="00123", symbology="code_128")
    answers = [signed_in.post("/wallet/cards/add/", form) for _again in range(2)]
    (card,) = cards(alice)
    assert (card.payload, card.groups) == ("00123", ["Eten", "eten"])
    assert {answer["Location"] for answer in answers} == {f"/wallet/cards/{card.uuid}/"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"payload": "1"}, "Choose which kind of barcode"),
        ({"payload": "1", "symbology": "ean_13"}, "EAN-13 needs 13 characters; this code has 1."),
        ({"payload": "123", "symbology": "itf"}, "ITF needs 6-80 characters"),
        ({"payload": "a", "symbology": "code_39"}, "Code 39 cannot hold these characters"),
        ({"valid_from": "2026-02-01", "expires_on": "2026-01-01"}, "before the first one"),
        ({"groups": ",".join(map(str, range(21)))}, "room for 20"),
        ({"note": "bell \x07"}, "invisible characters"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_kept(
    signed_in: Client, alice: Person, fields: dict[str, str], sentence: str
) -> None:
    answer = signed_in.post("/wallet/cards/add/", sent(uuid4(), **fields), headers=ENGLISH)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert cards(alice) == []


def test_a_form_without_its_card_is_no_form_of_ours(signed_in: Client) -> None:
    assert signed_in.post("/wallet/cards/add/", {"name": "HEMA"}).status_code == 400


def test_control_characters_are_typed_by_their_pictures(signed_in: Client, alice: Person) -> None:
    form = sent(uuid4(), payload="10AB␝21X", symbology="gs1_128")
    signed_in.post("/wallet/cards/add/", form)
    assert cards(alice)[0].payload == "10AB\x1d21X"


@pytest.mark.parametrize("query", ["?q=%00", "?sort=nonsense", "?group=%00", "?show=nonsense"])
def test_a_strange_question_is_answered(signed_in: Client, query: str) -> None:
    assert signed_in.get(f"/wallet/cards/{query}").status_code == 200


def test_a_button_that_is_not_ours_does_nothing(
    signed_in: Client, alice: Person, now: datetime
) -> None:
    card = put(alice, now, name="HEMA")
    address = f"/wallet/cards/{card.uuid}/mark/"
    assert signed_in.post(address, {"field": "name", "value": "on"}).status_code == 400
    assert signed_in.get(address).status_code == 405
    assert cards(alice)[0].name == "HEMA"


def test_a_removed_card_shows_its_way_back_and_is_not_copied(
    signed_in: Client, alice: Person, now: datetime
) -> None:
    card = put(alice, now, name="HEMA", barcode=BONUS)
    put(alice, now, card.uuid, removed=True)
    page = signed_in.get(f"/wallet/cards/{card.uuid}/").content.decode()
    assert BONUS["payload"] not in page
    assert signed_in.post(f"/wallet/cards/{card.uuid}/copy/").status_code == 404


def test_the_cards_of_every_day_stand_below_the_code(
    signed_in: Client, alice: Person, now: datetime
) -> None:
    for number in range(8):
        put(alice, now, name=f"Kaart {number}", starred=number == 7)
    page = signed_in.get("/wallet/").content.decode()
    assert page.count("tile-name") == 6
    assert "Kaart 7" in page


@pytest.mark.parametrize(
    ("text", "money", "amount"),
    [("12,50", True, 1250), ("€ 12.5", True, 1250), ("3", True, 300), ("3", False, 3)],
)
def test_an_amount_is_read_as_people_write_it(text: str, money: bool, amount: int) -> None:  # noqa: FBT001
    assert read_amount(text, money=money) == amount


@pytest.mark.parametrize("text", ["", "-1", "0", "1,234", "NaN", "Infinity", "1e400000", "een"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BalanceChangeOutOfRange):
        read_amount(text, money=True)


@pytest.mark.parametrize(("days", "note"), [(-1, "Verlopen"), (0, "Vandaag de laatste dag")])
def test_a_card_says_when_it_ends(alice: Person, now: datetime, days: int, note: str) -> None:
    today = date(2026, 11, 21)
    ends = today + timedelta(days=days)
    card = put(alice, now, name="Museum", expires_on=ends.isoformat())
    assert tile_of(card, today).note == note
    assert tile_of(card, today - timedelta(days=60)).note == ""


def test_long_numbers_are_read_in_fours() -> None:
    assert grouped("2620012345678") == "2620 0123 4567 8"
    assert [grouped(text) for text in ("12345678", "AB123456789")] == ["12345678", "AB123456789"]
