"""A file of cards comes in: seen first, then all of it or nothing."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.models import Person
from tests.support.proofs import prove
from tests.wallet.cards import BONUS, put
from tests.wallet.test_reading_files import CSV, PNG, zipped
from wallet.actions.forget_imports import forget_imports
from wallet.actions.keep_import import keep_import
from wallet.actions.read_import import read_import
from wallet.models import Card, CardBalanceChange, CardImport, CardImportPhoto, CardPhoto

pytestmark = pytest.mark.django_db

IMPORT = "/wallet/cards/import/"
UPLOAD = "/wallet/cards/import/uploads/"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def browser(alice: Person) -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(alice)
    return client


def sent(browser: Client, content: bytes, password: str = "") -> Any:
    file = SimpleUploadedFile("cards.zip", content)
    return browser.post(UPLOAD, {"file": file, "password": password})


def previewed(browser: Client, content: bytes) -> str:
    answer = sent(browser, content)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def cards(person: Person) -> list[Card]:
    with person_scope(person.pk):
        return list(Card.objects.filter(removed=False).order_by("name"))


def table(*lines: str) -> bytes:
    return "\n".join(["_id,store,note,cardid,barcodetype,balance", *lines]).encode()


def read(person: Person, content: bytes) -> UUID:
    return read_import(
        person_id=person.pk,
        content=content,
        password="",
        file_name="cards.zip",
        now=clock.now(),
        actor=SYSTEM,
    )


def test_a_file_is_seen_first_and_then_comes_in_with_its_photos(
    browser: Client, alice: Person
) -> None:
    page = previewed(browser, zipped({"catima.csv": CSV, "card_1_front.png": PNG}))
    preview = text_of(browser.get(page))
    assert "There are 2 cards in this file of Catima. 1 photo comes along." in preview
    assert cards(alice) == []
    assert browser.post(page, {"decision": "keep"})["Location"] == page
    bakery, tram = cards(alice)
    assert (bakery.payload, bakery.symbology, bakery.number) == ("2620012345678", "ean_13", "")
    assert (bakery.balance, bakery.unit, bakery.starred) == (1250, "EUR", True)
    assert bakery.groups == ["Eten", "Reizen"]
    assert bakery.last_used_at is not None
    assert (tram.payload, tram.number, tram.archived) == ("00123", "A-1", True)
    assert browser.get(f"/wallet/cards/photos/{bakery.front}/").content == PNG
    assert "2 cards came in from Catima." in text_of(browser.get(page))
    prove()


def test_deciding_twice_adds_nothing_more_and_leaves_one_line_in_the_audit(
    browser: Client, alice: Person
) -> None:
    page = previewed(browser, CSV.encode())
    for _again in range(2):
        browser.post(page, {"decision": "keep", "twins": "keep"})
    assert len(cards(alice)) == 2
    assert AuditEntry.objects.filter(action="cards_imported").count() == 1


def test_cards_that_are_here_already_are_left_out_unless_somebody_wants_them(
    browser: Client, alice: Person
) -> None:
    put(alice, clock.now(), name="Mijn bonus", barcode=BONUS)
    page = previewed(browser, CSV.encode())
    assert "1 card that you have already" in text_of(browser.get(page))
    browser.post(page, {"decision": "keep"})
    assert [card.name for card in cards(alice)] == ["Mijn bonus", "Tram"]
    assert "1 you had already; it is left out." in text_of(browser.get(page))
    again = previewed(browser, CSV.encode())
    browser.post(again, {"decision": "keep", "twins": "keep"})
    assert [card.name for card in cards(alice)] == ["Bakkerij", "Mijn bonus", "Tram", "Tram"]
    prove()


def test_whoever_adds_nothing_keeps_what_was_there(browser: Client, alice: Person) -> None:
    page = previewed(browser, zipped({"catima.csv": CSV, "card_1_front.png": PNG}))
    browser.post(page, {"decision": "drop"})
    assert browser.get(page).status_code == 404
    assert browser.post(page, {"decision": "keep"})["Location"] == IMPORT
    with operator_scope("a test looks"):
        assert not CardImport.objects.exists()
        assert not CardImportPhoto.objects.exists()
        assert not CardPhoto.objects.exists()
    assert cards(alice) == []


def test_a_file_waits_for_a_day_and_the_next_one_takes_its_place(
    browser: Client, alice: Person
) -> None:
    first = previewed(browser, CSV.encode())
    second = previewed(browser, CSV.encode())
    assert browser.get(first).status_code == 404
    assert "waits here" in text_of(browser.get(IMPORT))
    forget_imports(now=clock.now() + timedelta(hours=23))
    assert browser.get(second).status_code == 200
    forget_imports(now=clock.now() + timedelta(hours=25))
    assert browser.get(second).status_code == 404


def test_nobody_sees_or_decides_about_a_file_of_somebody_else(
    browser: Client, bob: Person, alice: Person
) -> None:
    page = previewed(browser, CSV.encode())
    other = Client()
    other.force_login(bob)
    assert other.get(page).status_code == 404
    other.post(page, {"decision": "keep"})
    other.post(page, {"decision": "drop"})
    assert cards(bob) == cards(alice) == []
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There are no cards in this file."),
        (b"hello", "OK does not know this kind of file."),
        (zipped({"../catima.csv": CSV}), "paths that lead outside it"),
        (zipped({"catima.csv": CSV, "x.png": bytes(9_000_000)}), "grows far too large"),
        (table("1,Winkel").replace(b"store", b"shop"), "The first line of the list"),
        (CSV.replace("Tram", "Tr\xe9m").encode("latin-1"), "it is not UTF-8"),
        (bytes(15 * 2**20 + 1), "This file is 15.0 MB; OK takes 15 MB at a time."),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_a_sentence_and_nothing_is_kept(
    browser: Client, alice: Person, content: bytes, sentence: str
) -> None:
    page = previewed(browser, CSV.encode())
    answer = sent(browser, content)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert cards(alice) == []
    # What waited before still waits.
    assert browser.get(page).status_code == 200


def test_no_file_at_all_is_said(browser: Client) -> None:
    answer = browser.post(UPLOAD, {"password": "x"})
    assert (answer.status_code, "Choose a file first." in text_of(answer)) == (422, True)


def test_what_does_not_fit_is_kept_another_way_and_said_with_its_line(
    browser: Client, alice: Person
) -> None:
    long = "9" * 90
    content = table(
        "1,Maxi,,777,MAXICODE,",
        "2,Fout,,123,EAN_13,",
        '3,"Bel\x07letje",,12345678,CODE_128,veel',
        f"4,Lang,,{long},,",
        f"5,{'n' * 100},,1,,",
        "6,,,8888888,,",
        "7,,,,,",
    )
    page = previewed(browser, content)
    preview = text_of(browser.get(page))
    browser.post(page, {"decision": "keep"})
    kept = {card.name[:10]: card for card in cards(alice)}
    assert (kept["Maxi"].number, kept["Maxi"].symbology) == ("777", "")
    assert (kept["Fout"].number, kept["Fout"].symbology) == ("123", "")
    assert (kept["Bel letje"].payload, kept["Bel letje"].balance) == ("12345678", None)
    assert (kept["Lang"].number, kept["Lang"].note) == ("", long)
    assert len(kept["n" * 10].name) == 80
    assert kept["8888888"].number == "8888888"
    assert len(kept) == 6
    for page_text in (preview, text_of(browser.get(page))):
        for sentence in (
            "Maxi · line 2 </span> <span>OK cannot draw this kind of barcode (MAXICODE).",
            "Fout · line 3 </span> <span>The code does not fit its kind of barcode (EAN-13).",
            "Invisible characters were taken out",
            "The balance could not be read",
            "The number is too long for its field and stands in the note.",
            "A text was too long",
            "The card has no name; its number stands there now.",
            "This line has neither a name nor a number",
        ):
            assert sentence in page_text
    prove()


def test_a_programme_that_we_know_brings_its_barcode(alice: Person) -> None:
    number = BONUS["payload"]
    fidme = f"Retailer;Program;Added At;Reference;Firstname;Lastname\nAlbert Heijn;;;{number};;\n"
    uuid = read(alice, zipped({"loyalty_programs.csv": fidme}))
    keep_import(
        person_id=alice.pk, card_import=uuid, with_twins=False, now=clock.now(), actor=SYSTEM
    )
    (card,) = cards(alice)
    assert (card.programme, card.symbology, card.payload) == ("bonuskaart", "ean_13", number)
    assert (card.colour, card.number) == ("#00ade6", "")


def test_a_large_photo_is_made_small_and_what_is_no_photo_is_left_out(
    browser: Client, alice: Person
) -> None:
    page = previewed(
        browser, zipped({"catima.csv": CSV, "card_1_front.png": b"GIF89a", "card_7_back.png": PNG})
    )
    assert "A photo is no picture" in text_of(browser.get(page))
    browser.post(page, {"decision": "keep"})
    bakery, tram = cards(alice)
    assert (bakery.front, bool(tram.back)) == (None, True)


def test_ten_thousand_cards_come_in_at_once_and_two_thousand_more_do_not_fit(
    browser: Client, alice: Person
) -> None:
    lines = [f"{nth},Winkel {nth},,{nth:08},CODE_128,{nth % 3}" for nth in range(10_000)]
    page = previewed(browser, table(*lines))
    assert "Add 10,000 cards" in text_of(browser.get(page))
    browser.post(page, {"decision": "keep"})
    with person_scope(alice.pk):
        assert Card.objects.count() == 10_000
        assert CardBalanceChange.objects.count() == 6_666
    assert browser.get("/wallet/cards/").status_code == 200
    more = previewed(browser, table(*(f"{n},Nog {n},,9{n:07},CODE_128," for n in range(2_001))))
    answer = browser.post(more, {"decision": "keep"}, follow=True)
    assert "Nothing came in." in text_of(answer)
    with person_scope(alice.pk):
        assert Card.objects.count() == 10_000
    assert browser.get(more).status_code == 200
    prove()


def test_postgresql_holds_the_limits_of_a_file(alice: Person) -> None:
    read(alice, CSV.encode())
    with operator_scope("a test breaks a rule"):
        kept = CardImport.objects.get()
        kept.rows = [{}] * 10_001
        with pytest.raises(IntegrityError, match="card_import_rows_fit"):
            kept.save()


def test_own_notes_that_somebody_changed_are_not_believed(alice: Person, browser: Client) -> None:
    own = json.dumps({"uuid": "no", "edits": [{"fields": {"name": "x\x00"}}]}).replace('"', '""')
    content = f'_id,store,cardid,ok\n1,Winkel,12345678,"{own}"\n'.encode()
    page = previewed(browser, content)
    assert "What OK itself had noted of this card is damaged" in text_of(browser.get(page))
    browser.post(page, {"decision": "keep"})
    assert [card.number for card in cards(alice)] == ["12345678"]
