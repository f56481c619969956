"""Receipts found by what somebody remembers of them."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from okplatform.kernel import relay
from okplatform.parties.models import Person
from tests.support.world import World
from tests.wallet.papers import text_of
from tests.wallet.sales import line, sell
from wallet.receipt_search import Wanted, find_receipts

pytestmark = pytest.mark.django_db
ADDRESS = "/wallet/receipts/"
DOWNLOAD = f"{ADDRESS}download/"
MANY = 200


@pytest.fixture
def hers(client: Client, alice: Person, bob: Person, world: World) -> Client:
    """Alice, who bought bread on 21 November, a book last summer and one two years ago."""

    def buy(person: Person, shop: str, at: datetime, name: str, price: int, reference: str) -> None:
        store = {"bol": world.till, "kramer": world.haarlem}[shop].store
        goods = [line(1, name, price), line(2, "Tasje", 15)]
        sell(store, now=at, person=person, lines=goods, reference=reference)

    buy(alice, "bol", datetime(2026, 11, 21, 22, 59, tzinfo=UTC), "Appelflap", 275, "A-1")
    buy(alice, "kramer", datetime(2026, 7, 3, 12, tzinfo=UTC), "De avonden", 1999, "K-7")
    buy(alice, "kramer", datetime(2024, 7, 3, 12, tzinfo=UTC), "Atlas 100% echt", 4200, "K-1")
    buy(bob, "bol", datetime(2026, 11, 21, 12, tzinfo=UTC), "Appelflap", 275, "A-2")
    relay.drain()
    client.force_login(alice)
    return client


def page(browser: Client, **asked: str) -> str:
    answer = browser.get(ADDRESS, asked)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


BREAD, BOOK, ATLAS = "€ 2,90", "€ 20,14", "€ 42,15"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bakkerij", {BREAD}),
        ("BOEKHANDEL", {BOOK, ATLAS}),
        ("haarlem", {BOOK, ATLAS}),
        ("appelflap", {BREAD}),
        ("avond boek", {BOOK}),
        ("avond bakker", set()),
        ("tasje", {BREAD, BOOK, ATLAS}),
        ("20,14", {BOOK}),
        ("€20.14", {BOOK}),
        ("€ 42", {ATLAS}),
        ("19,99", {BOOK}),
        ("21-11-2026", {BREAD}),
        ("2026-11-21", {BREAD}),
        ("22-11-2026", set()),
        ("3/7", {BOOK, ATLAS}),
        ("31-02-2026", set()),
        ("99-99-9999", set()),
        ("K-7", {BOOK}),
        ("100%", {ATLAS}),
        ("%", {ATLAS}),
        ("_", set()),
        ("\x00", {BREAD, BOOK, ATLAS}),
    ],
)
def test_a_word_finds_what_it_may_mean(hers: Client, asked: str, found: set[str]) -> None:
    said = page(hers, q=asked)
    listed = said.partition('class="card list')[2]
    assert {amount for amount in (BREAD, BOOK, ATLAS) if amount in listed} == found
    if not found:
        assert "Zo'n bon is er niet" in said


def test_shop_and_period_narrow_and_the_total_is_of_what_is_left(hers: Client) -> None:
    assert "3 bonnen, samen € 65,19" in page(hers)
    assert "2 bonnen, samen € 62,29" in page(hers, shop="boekhandel-kramer")
    assert "1 bon, € 20,14" in page(hers, shop="boekhandel-kramer", period="2026")
    assert "2 bonnen, samen € 23,04" in page(hers, period="2026")
    assert "3 bonnen" in page(hers, period="nonsense")
    assert "Zo'n bon is er niet" in page(hers, shop="kaashuis")


def test_the_last_thirty_days_end_now(hers: Client, alice: Person) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    of = [
        find_receipts(alice.pk, Wanted(period=period), now=now).count() for period in ("30", "90")
    ]
    assert of == [1, 1]
    later = now + timedelta(days=40)
    assert find_receipts(alice.pk, Wanted(period="30"), now=later).count() == 0


def test_nobody_finds_the_receipts_of_another(hers: Client, bob: Person) -> None:
    browser = Client()
    browser.force_login(bob)
    assert "Boekhandel" not in page(browser)
    assert "1 bon, € 2,90" in page(browser, q="appelflap")


def test_who_has_no_receipts_is_told_how_to_get_one_and_sees_nothing_to_search(
    client: Client, alice: Person
) -> None:
    client.force_login(alice)
    said = page(client)
    assert "Nog geen bonnen" in said
    assert 'role="search"' not in said


def test_two_hundred_receipts_take_as_many_questions_as_ten(
    client: Client, alice: Person, world: World, now: datetime
) -> None:
    client.force_login(alice)
    asked, said = [], ""
    for upto in (10, MANY):
        for number in range(upto if upto == 10 else MANY - 10):
            goods = [line(1, f"Artikel {number}", 100 + number)]
            sell(world.till.store, now=now - timedelta(days=number), person=alice, lines=goods)
        relay.drain()
        page(client)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said = page(client, q="artikel", period="2026")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8
    assert "q=artikel&amp;period=2026&amp;page=2" in said
    assert "om er tot 100 tegelijk te downloaden" in said
    answer = client.get(DOWNLOAD, {"q": "artikel"})
    assert answer["Location"] == f"{ADDRESS}?q=artikel"
    assert "meer dan 100 bonnen" in page(client, q="artikel")


def test_what_was_found_is_downloaded_in_one_file(hers: Client) -> None:
    answer = hers.get(DOWNLOAD, {"q": "tasje", "period": "2026"})
    file = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    names = file.namelist()
    values = json.loads(file.read("receipts.json"))
    assert values["format"] == "ok-receipts/1"
    assert [one["totals"]["due"] for one in values["receipts"]] == [290, 2014]
    days = ["2026-11-21-bakkerij-bol", "2026-07-03-boekhandel-kramer"]
    assert [name[:-13] for name in names[1:]] == days
    for name, one in zip(names[1:], values["receipts"], strict=True):
        assert one["number"] in text_of(file.read(name))


def test_who_finds_nothing_downloads_an_empty_list_and_not_that_of_another(
    hers: Client, charlie: Person
) -> None:
    browser = Client()
    browser.force_login(charlie)
    file = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(DOWNLOAD))))
    assert file.namelist() == ["receipts.json"]
    assert json.loads(file.read("receipts.json"))["receipts"] == []


@given(text=st.text(max_size=90), shop=st.text(max_size=20), period=st.text(max_size=6))
def test_whatever_is_typed_is_an_answer(text: str, shop: str, period: str) -> None:
    wanted = Wanted.of({"q": text, "shop": shop, "period": period})
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert list(find_receipts(1, wanted, now=now)[:1]) == []
