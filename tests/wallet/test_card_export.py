"""What goes out comes back the same: export, a new person, import."""

import csv
import hashlib
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.models import Person
from tests.support.proofs import prove
from tests.wallet.cards import BONUS, put, put_said, said
from tests.wallet.test_reading_files import PNG
from wallet.actions.add_photo import add_photo
from wallet.actions.change_balance import change_balance
from wallet.actions.keep_import import keep_import
from wallet.actions.mark_used import mark_used
from wallet.actions.read_import import read_import
from wallet.card_export import export_of, parts_of
from wallet.cards import as_values, balance_changes_of, edits_of, photo_of
from wallet.models import Card, CardBalanceChange, CardChange, CardImport, CardPhoto, CardShelf
from wallet.symbologies import SYMBOLOGIES, check_digit

pytestmark = pytest.mark.django_db

EXPORT = "/wallet/cards/export/"
NOW = datetime(2026, 11, 21, 12, 0, 5, 123456, tzinfo=UTC)
OWN = ("cursor",)


def everything(person: Person) -> list[dict[str, Any]]:
    """Return every card of a person with its photos and all that was ever said of it."""
    with person_scope(person.pk):
        cards = list(Card.objects.filter(removed=False).order_by("id"))
    return [
        {
            **{name: value for name, value in as_values(card).items() if name not in OWN},
            "encoding": card.encoding,
            "photos": [
                bytes(photo.content)
                for digest in (card.front, card.back, card.logo)
                if digest and (photo := photo_of(person.pk, digest))
            ],
            "edits": [
                (one.register, one.value, one.edited_at, one.in_force) for one in edits_of(card)
            ],
            "bookings": [
                (str(one.uuid), one.device, one.changed_at, one.delta, one.note)
                for one in balance_changes_of(card)
            ],
        }
        for card in cards
    ]


def moved(giver: Person, taker: Person, *, with_twins: bool = False) -> CardImport | None:
    """Carry all cards from one person to another, by files."""
    kept = None
    for part in parts_of(giver.pk):
        with export_of(giver.pk, part) as file:
            content = file.read()
        uuid = read_import(
            person_id=taker.pk,
            content=content,
            password="",
            file_name="ok.zip",
            now=NOW,
            actor=SYSTEM,
        )
        kept = keep_import(
            person_id=taker.pk, card_import=uuid, with_twins=with_twins, now=NOW, actor=SYSTEM
        )
        assert kept.problems == []
    return kept


def photo(person: Person, text: str) -> str:
    content = PNG + text.encode()
    return add_photo(person_id=person.pk, content=content, now=NOW, actor=SYSTEM)


def a_shelf(person: Person) -> None:
    """Put cards with everything that cards can have."""
    early = NOW - timedelta(days=30)
    card = uuid4()
    before, front = photo(person, "before"), photo(person, "front")
    put(person, early, card, name="Bakkerij", barcode=BONUS, front=before, note='"; regel\n\n=2')
    put(
        person,
        early + timedelta(days=1),
        card,
        name="Bakkerij Bol",
        front=front,
        back=photo(person, "back"),
        logo=photo(person, "logo"),
        groups={"Eten, drinken": True, "Weg": False},
        colour="#123456",
        starred=True,
        valid_from="2026-01-01",
        expires_on="2027-12-31",
        issuer="Bol",
        programme="hema",
        number="bij 7",
    )
    # A phone that was away: it loses, and its words stay.
    put_said(person, said(early, "telefoon-2"), NOW, card, {"name": "Verloren", "starred": False})
    for delta, note in ((1000, "erbij"), (-250, "")):
        change_balance(
            person_id=person.pk,
            card=card,
            delta=delta,
            note=note,
            said=said(early),
            now=NOW,
            actor=SYSTEM,
        )
    mark_used(person_id=person.pk, card=card, device="phone", count=3, at=early, now=NOW)
    put(person, NOW, name="Kaal")
    put(person, NOW, name="Kaal")
    put(person, NOW, name="Archief", archived=True, unit="punten", number="12")
    gone = put(person, NOW, name="Weggegooid")
    put(person, NOW, gone.uuid, removed=True)
    back = put(
        person, early, name="Terug", barcode={"symbology": "gs1_128", "payload": "10A\x1d21"}
    )
    put(person, early + timedelta(days=1), back.uuid, removed=True)
    put(person, early + timedelta(days=2), back.uuid, removed=False)
    put(person, NOW, back.uuid, barcode=None)


def test_what_goes_out_comes_back_the_same(alice: Person, bob: Person) -> None:
    a_shelf(alice)
    moved(alice, bob)
    assert everything(bob) == everything(alice)
    assert len(everything(bob)) == 5
    # The photo that stood there before can be put back as well.
    with person_scope(bob.pk):
        assert CardPhoto.objects.count() == 4
    prove()


def test_once_more_into_ones_own_wallet_changes_nothing(alice: Person) -> None:
    a_shelf(alice)
    before = everything(alice)
    kept = moved(alice, alice)
    assert kept is not None
    assert (kept.added, kept.skipped) == (0, 5)
    assert everything(alice) == before


def test_whoever_wants_them_twice_has_each_twice(alice: Person) -> None:
    a_shelf(alice)
    moved(alice, alice, with_twins=True)
    cards = everything(alice)
    assert [card["name"] for card in cards[:5]] == [card["name"] for card in cards[5:]]
    assert len({card["uuid"] for card in cards}) == 10
    assert cards[5]["balance"] == cards[0]["balance"] == 750
    prove()


def test_a_removed_card_comes_back_as_a_new_one(alice: Person) -> None:
    card = put(alice, NOW, name="HEMA", number="12345678")
    (part,) = parts_of(alice.pk)
    with export_of(alice.pk, part) as file:
        content = file.read()
    put(alice, NOW + timedelta(seconds=1), card.uuid, removed=True)
    uuid = read_import(
        person_id=alice.pk, content=content, password="", file_name="", now=NOW, actor=SYSTEM
    )
    keep_import(person_id=alice.pk, card_import=uuid, with_twins=False, now=NOW, actor=SYSTEM)
    (back,) = everything(alice)
    assert back["name"] == "HEMA"
    assert back["uuid"] != str(card.uuid)


def test_catima_finds_its_own_three_tables_and_nothing_it_stops_at(alice: Person) -> None:
    a_shelf(alice)
    (part,) = parts_of(alice.pk)
    with export_of(alice.pk, part) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    names = set(archive.namelist())
    assert names == {
        "catima.csv",
        "card_1_front.png",
        "card_1_back.png",
        "card_1_icon.png",
    }
    lines = list(csv.reader(io.StringIO(archive.read("catima.csv").decode(), newline="")))
    starts = [nth for nth, line in enumerate(lines) if not line]
    assert len(starts) == 3
    assert lines[:4] == [["2"], [], ["_id"], ["Eten, drinken"]]
    header = lines[starts[1] + 1]
    cards = [dict(zip(header, line, strict=True)) for line in lines[starts[1] + 2 : starts[2]]]
    bakery = cards[0]
    assert bakery["_id"] == "1"
    assert (bakery["store"], bakery["note"]) == ("Bakkerij Bol", '"; regel\n\n=2')
    assert (bakery["cardid"], bakery["barcodeid"]) == ("bij 7", BONUS["payload"])
    assert (bakery["barcodetype"], bakery["barcodeencoding"]) == ("EAN_13", "ISO-8859-1")
    assert (bakery["balance"], bakery["balancetype"]) == ("7.50", "EUR")
    assert (bakery["validfrom"], bakery["expiry"]) == ("1767222000000", "1830207600000")
    assert (bakery["headercolor"], bakery["starstatus"], bakery["archive"]) == (
        str(0xFF123456 - 2**32),
        "1",
        "0",
    )
    # Catima refuses a whole file for one card without a number.
    assert all(card["cardid"] for card in cards)
    assert lines[starts[2] + 1 :] == [["cardId", "groupId"], ["1", "Eten, drinken"]]


def test_what_catima_keeps_of_it_comes_back_from_catima(alice: Person, bob: Person) -> None:
    """Catima drops the column that is ours when it exports again."""
    a_shelf(alice)
    (part,) = parts_of(alice.pk)
    with export_of(alice.pk, part) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as written:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "catima.csv":
                rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
                text = io.StringIO(newline="")
                csv.writer(text).writerows(row[:15] for row in rows)
                content = text.getvalue().encode()
            written.writestr(name, content)
    uuid = read_import(
        person_id=bob.pk, content=again.getvalue(), password="", file_name="", now=NOW, actor=SYSTEM
    )
    keep_import(person_id=bob.pk, card_import=uuid, with_twins=False, now=NOW, actor=SYSTEM)
    told = ("name", "note", "number", "barcode", "colour", "groups", "starred", "balance")
    too = ("valid_from", "expires_on", "photos")
    mine, theirs = everything(alice)[0], everything(bob)[0]
    assert {name: theirs[name] for name in (*told, *too)} == {
        name: mine[name] for name in (*told, *too)
    }
    assert theirs["last_used_at"][:19] == mine["last_used_at"][:19]


def test_many_photos_go_out_in_parts_and_all_come_back(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet.card_export.MOST_PHOTO_BYTES", 60)
    for nth in range(5):
        put(alice, NOW, name=f"Kaart {nth}", front=photo(alice, str(nth)))
    assert [list(map(len, [part.cards])) for part in parts_of(alice.pk)] == [[3], [2]]
    moved(alice, bob)
    assert everything(bob) == everything(alice)


@pytest.fixture
def browser(alice: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(alice)
    return client


def test_the_page_offers_the_file_and_nobody_elses_cards_are_in_it(
    browser: Client, alice: Person, bob: Person
) -> None:
    put(bob, NOW, name="Van Bob")
    assert "no cards to take along" in browser.get(EXPORT).content.decode()
    assert browser.get(f"{EXPORT}1/").status_code == 404
    put(alice, NOW, name="Van Alice")
    assert "Download 1 card" in browser.get(EXPORT).content.decode()
    answer = browser.get(f"{EXPORT}1/")
    content = b"".join(answer)
    assert "no-store" in answer["Cache-Control"]
    table = zipfile.ZipFile(io.BytesIO(content)).read("catima.csv").decode()
    assert "Van Alice" in table
    assert "Van Bob" not in table
    assert browser.get(f"{EXPORT}0/").status_code == 404
    assert browser.get(f"{EXPORT}2/").status_code == 404


# --- any card

texts = st.text("aZ0 ,;\"'=-é€漢😀\u2028", min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
notes = st.text(st.sampled_from("ab ,;\"'=\n€é"), max_size=60)
days = st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(date.isoformat)


@st.composite
def barcodes(draw: st.DrawFn) -> dict[str, str]:
    """Draw a payload that its symbology can carry."""
    known = SYMBOLOGIES[draw(st.sampled_from(sorted(SYMBOLOGIES)))]
    if known.has_check_digit:
        length = known.lengths[0] - 1
        body = draw(st.text("0123456789", min_size=length, max_size=length))
        body = f"0{body[1:]}" if known.name == "upc_e" else body
        return {"symbology": known.name, "payload": body + check_digit(known, f"{body}0")}
    if known.name in {"itf", "codabar", "code_39"}:
        digits = draw(st.text("0123456789", min_size=3, max_size=10))
        return {"symbology": known.name, "payload": digits * 2}
    letters = '0aZ" ,\x1d' if not known.is_gs1 else "0aZ\x1d"
    more = "\r\n\x01€é" if known.is_square and not known.is_gs1 else ""
    payload = draw(st.text(letters + more, min_size=1, max_size=20))
    return {"symbology": known.name, "payload": payload}


fields = st.fixed_dictionaries(
    {"name": texts},
    optional={
        "issuer": texts,
        "number": texts,
        "note": notes,
        "barcode": st.none() | barcodes(),
        "colour": st.integers(0, 0xFFFFFF).map("#{:06x}".format),
        "valid_from": days,
        "expires_on": days,
        "unit": st.sampled_from(["EUR", "punten", "points", "stamps", "XAU", "ZZZ"]),
        "starred": st.booleans(),
        "archived": st.booleans(),
        "groups": st.dictionaries(texts.map(str.strip), st.booleans(), min_size=1, max_size=3),
    },
)
moments = st.integers(-(10**9), 10**7).map(lambda seconds: NOW + timedelta(seconds=seconds))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(moments, fields), min_size=1, max_size=3),
            st.lists(st.integers(-(10**6), 10**6).filter(bool), max_size=3),
            st.integers(0, 5),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_cards_come_back_the_same(alice: Person, bob: Person, shelf: list[Any]) -> None:
    with operator_scope("a test begins anew"):
        for model in (CardImport, CardBalanceChange, CardChange, Card, CardPhoto, CardShelf):
            model.objects.all().delete()
    for edits, deltas, count in shelf:
        card = uuid4()
        for at, written in edits:
            put_said(alice, said(at), NOW, card, written)
        for delta in deltas:
            change_balance(
                person_id=alice.pk,
                card=card,
                delta=delta,
                note="",
                said=said(edits[0][0]),
                now=NOW,
                actor=SYSTEM,
            )
        if count:
            mark_used(
                person_id=alice.pk, card=card, device="a", count=count, at=edits[0][0], now=NOW
            )
    moved(alice, bob)
    assert everything(bob) == everything(alice)


def test_the_file_is_small_enough_to_come_back(alice: Person) -> None:
    """Eleven photos of a megabyte do not fit in one file that an import takes."""
    for nth in range(11):
        content = PNG + hashlib.sha256(bytes([nth])).digest() * 31_000
        front = add_photo(person_id=alice.pk, content=content, now=clock.now(), actor=SYSTEM)
        put(alice, NOW, name=f"Kaart {nth}", front=front)
    parts = parts_of(alice.pk)
    assert len(parts) == 2
    for part in parts:
        with export_of(alice.pk, part) as file:
            assert len(file.read()) < 12 * 2**20
