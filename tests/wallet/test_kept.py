"""What a phone keeps of a person beside their cards, and the files it keeps of a release."""

import re
from datetime import timedelta
from gzip import decompress
from json import loads
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.db import transaction
from tests.support.world import World
from tests.wallet.sales import line, sell
from wallet.actions.file_receipts import file_receipts
from wallet.api.kept import PER_PAGE
from wallet.offline_files import STYLES, modules_of, offline_files

pytestmark = pytest.mark.django_db

ADDRESS = "/wallet/phone/kept/"


@pytest.fixture
def phone(client: Client, world: World) -> Client:
    client.force_login(world.alice)
    return client


def buy(world: World, name: str, *, days_ago: int = 0) -> None:
    now = clock.now() - timedelta(days=days_ago)
    sale = sell(world.till.store, now=now, person=world.alice, lines=[line(name=name)])
    with transaction():
        file_receipts(sale_ids=[sale], now=now)


def test_a_receipt_comes_as_texts_in_the_readers_language(phone: Client, world: World) -> None:
    buy(world, "Desembrood")
    answer = phone.get(ADDRESS, headers={"Accept-Language": "nl"}).json()
    (receipt,) = answer["receipts"]
    assert receipt["amount"] == "€\N{NO-BREAK SPACE}4,20"
    assert receipt["parts"][0]["lines"][0]["text"] == "Desembrood"
    assert answer["person"] == world.alice.pk
    assert answer["language"] == "nl"
    english = phone.get(ADDRESS, headers={"Accept-Language": "en"}).json()["receipts"][0]
    assert english["parts"][0]["lines"][-1]["text"].startswith("Of which VAT")


def test_a_phone_gets_what_is_new_and_nothing_older_than_a_year(
    phone: Client, world: World
) -> None:
    buy(world, "Van lang geleden", days_ago=366)
    buy(world, "Van vorige week", days_ago=7)
    (known,) = phone.get(ADDRESS).json()["receipts"]
    assert known["parts"][0]["lines"][0]["text"] == "Van vorige week"
    buy(world, "Van nu")
    (new,) = phone.get(ADDRESS, {"after": known["id"]}).json()["receipts"]
    assert new["parts"][0]["lines"][0]["text"] == "Van nu"


def test_pages_of_receipts_meet_without_a_gap(phone: Client, world: World) -> None:
    for number in range(PER_PAGE + 2):
        buy(world, f"Brood {number}")
    first = phone.get(ADDRESS).json()
    lowest = min(receipt["id"] for receipt in first["receipts"])
    rest = phone.get(ADDRESS, {"before": lowest}).json()
    assert (first["more"], rest["more"]) == (True, False)
    ids = {receipt["id"] for answer in (first, rest) for receipt in answer["receipts"]}
    assert len(ids) == PER_PAGE + 2


def test_what_a_phone_fills_itself_with_comes_compressed(phone: Client, world: World) -> None:
    for number in range(PER_PAGE):
        buy(world, f"Brood {number}")
    plain = phone.get(ADDRESS)
    packed = phone.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) * 5 < len(plain.content)
    assert loads(decompress(packed.content))["receipts"] == plain.json()["receipts"]


def test_nobody_gets_somebody_elses_receipts(client: Client, world: World) -> None:
    buy(world, "Desembrood")
    assert client.get(ADDRESS).status_code == 401
    client.force_login(world.bob)
    assert client.get(ADDRESS).json()["receipts"] == []


@pytest.mark.parametrize("said", ["-1", "x", "9" * 30, "²"])
def test_a_strange_number_is_taken_as_none(phone: Client, said: str) -> None:
    assert phone.get(ADDRESS, {"after": said, "before": said}).status_code == 200


def test_a_page_that_is_kept_says_its_release_and_nothing_about_its_reader(
    phone: Client, world: World
) -> None:
    for address in ("/wallet/?bare", "/wallet/offline/"):
        page = phone.get(address)
        assert page.headers["X-OK-Release"] == offline_files().release
        assert world.alice.get_short_name() not in page.content.decode()


def test_the_worker_names_every_stylesheet_and_module_of_the_pages_it_keeps() -> None:
    folder = settings.BASE_DIR / "templates"
    pages = ["wallet/offline.html", "wallet/code.html", "shells/document.html"]
    text = "".join(Path(folder, page).read_text() for page in pages)
    assert set(re.findall(r"static 'css/([^']+)\.css'", text)) <= set(STYLES)
    asked = set(re.findall(r"static 'js/([^']+)\.js'", text))
    assert {f"ok/{name}" for name in asked} <= modules_of(("offline-page", "wallet-code", "shell"))


def test_imports_over_several_lines_are_followed_too() -> None:
    assert {"ok/card-ean", "ok/wallet-database", "uqr"} <= modules_of(("offline-page",))
