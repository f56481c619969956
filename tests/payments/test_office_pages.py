"""OK's own people decide about bank lines, in the office; nobody else learns that it is there."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.models import Person
from payments.actions.deliver_file import deliver_file
from payments.actions.take_file import take_file
from payments.gateways import GatewayError
from payments.gateways.bank_folder import folder_of
from payments.models import (
    BankAccount,
    BankEntry,
    BankFile,
    EntryDecision,
    Expectation,
    Match,
    OutgoingFile,
    Posting,
)
from tests.payments.bank import BOBS, Bank, line, open_bank
from tests.payments.books import sell
from tests.payments.settling import collect, our_account, sign
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

QUEUE = "/office/queue/"


@pytest.fixture
def bank() -> Bank:
    return open_bank()


@pytest.fixture
def hers(client: Client, world: World) -> Client:
    """Anna's browser; she works at OK."""
    client.force_login(world.anna)
    client.cookies["django_language"] = "en"
    return client


def text(response: object) -> str:
    page = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


def queued(bank: Bank, amount: int = 1_000, **said: str) -> BankEntry:
    (entry,) = bank.settle(line(amount, **said))
    assert entry.state == "queued"
    return entry


def at(entry: BankEntry) -> str:
    return f"/office/lines/{entry.pk}/"


def parts(*said: tuple[str, str], reason: str = "") -> dict[str, str]:
    """Return what the form sends."""
    sent = {"part-TOTAL_FORMS": "4", "part-INITIAL_FORMS": "0", "reason": reason}
    for number in range(4):
        reference, amount = said[number] if number < len(said) else ("", "")
        sent |= {f"part-{number}-reference": reference, f"part-{number}-amount": amount}
    return sent


def test_the_office_is_there_for_oks_own_people_only(
    client: Client, world: World, bank: Bank
) -> None:
    entry = queued(bank)
    pages = [QUEUE, at(entry), "/office/suspense/", "/office/decisions/", "/office/files/"]
    for page in pages:
        assert client.get(page).status_code == 302
    for person in (world.alice, world.olga, world.charlie):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {404}
        assert client.post(at(entry), parts(reason="mine")).status_code == 404
        assert client.post("/office/files/1/resolution/").status_code == 404
        assert "/office/" not in text(client.get("/start/", follow=True))
    client.force_login(world.anna)
    assert {client.get(page).status_code for page in pages} == {200}
    assert QUEUE in text(client.get("/start/"))
    entry.refresh_from_db()
    assert entry.state == "queued"


def test_one_click_matches_what_was_suggested(hers: Client, bank: Bank, world: World) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    entry = queued(bank, 900, end_to_end_id="OK-C-1")
    page = text(hers.get(QUEUE))
    assert "the amount differs" in page
    assert f'value="{expected.pk}"' in page
    answer = hers.post(at(entry), {"expectation": str(expected.pk)}, follow=True)
    assert "Decided, booked and written down." in text(answer)
    assert "The queue is empty" in text(answer)
    entry.refresh_from_db()
    assert (entry.state, Match.objects.get().amount) == ("matched", 900)
    assert AuditEntry.objects.get(action="bank_entry_decided").actor_id == str(world.anna.pk)
    prove()


def test_a_line_is_split_and_the_rest_goes_to_suspense(hers: Client, bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1")
    bank.expect(-300, "OK-P-1")
    entry = queued(bank, 750, iban=BOBS)
    sent = parts(("OK-C-1", "10.00"), ("OK-P-1", "-3.00"), reason="50 cents too much")
    assert hers.post(at(entry), sent).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "split"
    assert (bank.holds("collections_in_transit"), bank.holds("payouts_in_transit")) == (1_000, -300)
    assert bank.holds("suspense") == 50
    assert "50 cents too much" in text(hers.get("/office/suspense/"))
    prove()


def test_suspense_is_booked_out_when_it_is_known(hers: Client, bank: Bank) -> None:
    entry = queued(bank)
    assert hers.post(at(entry), parts(reason="whose is it?")).status_code == 302
    assert bank.holds("suspense") == 1_000
    expected = bank.expect(1_000, "OK-C-9")
    page = text(hers.get(at(entry)))
    assert "OK-C-9" in page  # of the same amount, near the day
    sent = {"expectation": str(expected.pk), "reason": "Alice called"}
    assert hers.post(at(entry), sent, follow=True).status_code == 200
    assert bank.holds("suspense") == 0
    assert "Nothing stands in suspense" in text(hers.get("/office/suspense/"))
    shown = text(hers.get("/office/decisions/"))
    assert "Alice called" in shown
    assert "whose is it?" in shown
    prove()


def test_a_match_of_a_rule_is_found_and_taken_back(hers: Client, bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1")
    (entry,) = bank.settle(line(1_000, "OK-C-1"))
    assert at(entry) in text(hers.get("/office/decisions/", {"reference": "OK-C-1"}))
    assert "No line came for this." in text(hers.get("/office/decisions/", {"reference": "x"}))
    refused = hers.post(at(entry), parts())
    assert refused.status_code == 422
    assert "Say why" in text(refused)
    assert Match.objects.exists()
    assert hers.post(at(entry), parts(reason="was Bob's")).status_code == 302
    assert not Match.objects.exists()
    assert "In suspense" in text(hers.get(at(entry)))
    prove()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (parts(), "Say why, so that a colleague understands it later."),
        (parts(("OK-X-1", "10.00")), "Nothing is expected under this name here."),
        (parts(("OK-C-1", "")), "How much of the line is for this?"),
        (parts(("OK-C-1", "11.00"), reason="?"), "A part is more than what is still expected"),
        (parts(("OK-C-1", "5.00"), ("OK-C-1", "5.00")), "The parts do not add up"),
        (parts(("OK-C-1", "ten")), "Enter a number."),
        ({"expectation": "0"}, "This is not expected on this account."),
        ({"expectation": "'"}, "This is not expected on this account."),
        ({}, "Decide"),
    ],
)
def test_what_does_not_add_up_is_refused_and_nothing_is_lost(
    hers: Client, bank: Bank, sent: dict[str, str], sentence: str
) -> None:
    bank.expect(1_000, "OK-C-1")
    entry = queued(bank, 1_000, iban=BOBS)
    answer = hers.post(at(entry), sent)
    assert answer.status_code == 422
    assert sentence in text(answer)
    entry.refresh_from_db()
    assert entry.state == "queued"
    assert not Posting.objects.exists()
    assert not EntryDecision.objects.exists()
    assert Expectation.objects.get().outstanding == 1_000


def test_the_queue_goes_by_pages_and_by_mode(
    hers: Client, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.console.paging.PER_PAGE", 2)
    lines = [queued(bank, amount) for amount in (101, 102, 103)]
    test = queued(open_bank(iban=BOBS, mode="test"), 999)
    first = text(hers.get(QUEUE))
    assert [at(each) in first for each in (*lines, test)] == [True, True, False, False]
    following = text(hers.get(QUEUE, {"after": lines[1].pk}))
    assert [at(each) in following for each in lines] == [False, False, True]
    assert at(test) in text(hers.get(QUEUE, {"mode": "test"}))


def test_a_line_that_is_not_there_is_not_found(hers: Client) -> None:
    assert hers.get("/office/lines/7/").status_code == 404
    assert hers.post("/office/lines/7/", parts()).status_code == 404
    assert hers.post("/office/files/7/resolution/").status_code == 404


def test_refused_files_are_shown_with_their_reason(
    hers: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.OK_BANK_FOLDER = str(tmp_path)
    ours = our_account()
    gateway = folder_of(mode=ours.mode, iban=ours.iban)
    assert list(gateway.incoming()) == []
    (gateway.root / "incoming" / "odd.xml").write_bytes(b"<Document/>")
    for _again in range(2):
        assert not take_file(name="odd.xml", gateway=gateway, now=NOW, actor=SYSTEM)
        (gateway.root / "incoming" / "odd.xml").write_bytes(b"<Document/>")
    (kept,) = BankFile.objects.all()
    page = text(hers.get("/office/files/"))
    assert "odd.xml" in page
    assert kept.refusal in page
    assert kept.sentence.replace("'", "&#x27;") in page


def test_a_file_that_may_be_anywhere_is_asked_about(
    hers: Client, world: World, account: BankAccount, settings: Settings, tmp_path: Path
) -> None:
    settings.OK_BANK_FOLDER = str(tmp_path)
    ours = our_account()
    sign(account)
    sell(world.till, account, 1_840)
    collect()
    file = OutgoingFile.objects.get()

    class Silent(type(folder_of(mode=ours.mode, iban=ours.iban))):  # type: ignore[misc]
        def deliver(self, **_file: object) -> None:
            raise GatewayError

    silent = Silent(tmp_path / "elsewhere")
    deliver_file(file_id=file.pk, gateway=silent, now=NOW, actor=SYSTEM)
    assert file.name in text(hers.get("/office/files/"))
    answer = hers.post(f"/office/files/{file.pk}/resolution/", follow=True)
    assert "It never arrived, and goes out again by itself." in text(answer)
    file.refresh_from_db()
    assert file.state == "made"
    again = hers.post(f"/office/files/{file.pk}/resolution/", follow=True)
    assert "Somebody is sending it just now." in text(again)


def test_the_office_is_opened_and_closed_by_a_command(client: Client, alice: Person) -> None:
    client.force_login(alice)
    call_command("appoint_staff", alice.email.upper())
    assert client.get(QUEUE).status_code == 200
    call_command("appoint_staff", alice.email)
    call_command("appoint_staff", alice.email, dismiss=True)
    assert client.get(QUEUE).status_code == 404
    with pytest.raises(CommandError, match=r"(adres|address)\.$"):
        call_command("appoint_staff", "nobody@example.com")
    told = AuditEntry.objects.filter(object_type="person", object_id=alice.pk)
    assert list(told.filter(action__startswith="staff").values_list("action", flat=True)) == [
        "staff_appointed",
        "staff_dismissed",
    ]
