"""Members of an old programme bring their points along: whole files, each claimed once."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from loyalty import move_invariants as invariants
from loyalty.actions.claim_balance import NothingWaits, TooManyNumbers, claim_by_card
from loyalty.actions.forget_balances import forget_balances
from loyalty.actions.take_in_balances import take_in_balances
from loyalty.models import BalanceImport, Expiry, ImportState, PointsMove, WaitingBalance
from loyalty.models.balance import FILE_STAYS, WAITS
from loyalty.own_data import LoyaltyData
from loyalty.queries.balances import files_to_take_in, waiting_at
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.lots import left, lots, publish, turn
from tests.loyalty.test_corrections import works
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_pages import CARD, CONSOLE
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World
from wallet.actions.delete_account import delete_account

PAGE = f"{CONSOLE}balances/"
FILE = "Kaart;Mail;Punten;Naam\n12-34;ALICE@example.nl;1.250;Alice\n99;;40;Iemand\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(bakery: Bakery, world: World) -> Client:
    """Bob is the bakery's manager."""
    return works(bakery, world.bob, Role.MANAGER)


def give(browser: Client, text: str = FILE) -> str:
    """Give a file; return the address of its page."""
    given = SimpleUploadedFile("oud.csv", text.encode())
    answer = browser.post(PAGE, {"file": given})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


COLUMNS = {"card": "Kaart", "email": "Mail", "points": "Punten", "ends": ""}


def tried(browser: Client, text: str = FILE, **columns: str) -> tuple[str, str]:
    """Try a file; return its address and what its page says."""
    address = give(browser, text)
    page = browser.post(address, COLUMNS | columns, follow=True).content.decode()
    return address, page


def taken_in(browser: Client, text: str = FILE, **columns: str) -> str:
    address, _page = tried(browser, text, **columns)
    browser.post(address, {"take": "1"})
    work()
    return str(browser.get(address).content.decode())


def work() -> None:
    """Do what the worker does."""
    for file_id in files_to_take_in(now=clock.now()):
        assert take_in_balances(file_id=file_id, actor=SYSTEM, now=clock.now())


def waiting() -> list[Any]:
    with operator_scope("the tests look"):
        return list(WaitingBalance.objects.order_by("id"))


def bring(browser: Client, number: str = "") -> str:
    form = {"bring": "1", "number": number}
    return str(browser.post(CARD, form, follow=True).content.decode())


@pytest.fixture
def shopper(bakery: Bakery, alice: Person, client: Client) -> Client:
    """Alice is a member and reads English."""
    bakery.join(alice)
    relay.drain()
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    return client


def test_a_file_is_tried_taken_in_and_claimed_by_address(
    manager: Client, shopper: Client, bakery: Bakery, alice: Person
) -> None:
    address, page = tried(manager)
    assert "2 members with 1,290 points together" in page
    assert "Not used, and not kept: Naam" in page
    assert "Read as UTF-8, with a semicolon" in page
    assert not waiting()
    manager.post(address, {"take": "1"})
    assert "0 of 2" in manager.get(address, headers={"HX-Request": "true"}).content.decode()
    assert not waiting()
    work()
    assert "the points of 2 members wait" in manager.get(address).content.decode()
    assert bakery.points(alice) == 0
    assert waiting_at(bakery.merchant_id, at=clock.now()).points == 1_290
    assert "1,290 points of 2 members" in manager.get(PAGE).content.decode()
    assert "1,250 points wait for you" in shopper.get(CARD).content.decode()
    assert "1,250 points more are yours" in bring(shopper)
    assert bakery.points(alice) == 1_250
    assert "brought along from the old programme" in shopper.get(CARD).content.decode()
    bring(shopper)
    assert bakery.points(alice) == 1_250
    assert waiting_at(bakery.merchant_id, at=clock.now()).points == 40
    prove()


def test_who_joins_gets_what_waits_under_the_address(
    manager: Client, bakery: Bakery, alice: Person
) -> None:
    taken_in(manager)
    bakery.join(alice)
    relay.drain()
    assert bakery.points(alice) == 1_250
    prove()


def test_a_card_number_claims_and_wrong_ones_are_counted(
    manager: Client, bakery: Bakery, bob: Person, client: Client
) -> None:
    taken_in(manager)
    bakery.join(bob)
    client.force_login(bob)
    client.cookies["django_language"] = "en"
    assert "40 points more are yours" in bring(client, " 9-9 ")
    assert "No points wait under this number" in bring(client, "99")
    said = [bring(client, str(guess)) for guess in range(10)]
    assert "That were many numbers" in said[-1]
    assert "That were many numbers" in bring(client, "1234")
    assert bakery.points(bob) == 40


def test_a_file_twice_brings_nothing_more(
    manager: Client, bakery: Bakery, shopper: Client, alice: Person
) -> None:
    taken_in(manager)
    bring(shopper)
    _address, page = tried(manager)
    assert "2 of them are in already" in page
    taken_in(manager)
    more = FILE.replace("1.250", "9.999") + "77;;5;\n"
    assert "the points of 1 member wait" in taken_in(manager, more)
    assert len(waiting()) == 3
    bring(shopper)
    assert bakery.points(alice) == 1_250
    prove()


def test_one_wrong_line_and_nothing_comes_in(manager: Client) -> None:
    wrong = FILE + "12 34;;5;\n98;;-3;\n97;;x;\n"
    address, page = tried(manager, wrong)
    assert "Line 4: this member stands on line 2 already" in page
    assert "Line 5: -3 is below zero" in page
    assert "Line 6: “x” is no whole number" in page
    assert "Take it in" not in page
    manager.post(address, {"take": "1"})
    assert not files_to_take_in(now=clock.now())
    assert not waiting()


def test_what_is_no_file_is_said_beside_the_field(manager: Client) -> None:
    given = SimpleUploadedFile("oud.xlsx", b"PK\x03\x04\x00")
    answer = manager.post(PAGE, {"file": given})
    assert answer.status_code == 422
    assert "This is no text" in answer.content.decode()
    with operator_scope("the tests look"):
        assert not BalanceImport.objects.exists()


def test_points_end_on_their_own_last_day(
    manager: Client, bakery: Bakery, shopper: Client, alice: Person
) -> None:
    text = "Kaart;Mail;Punten;Tot\n1;alice@example.nl;50;31-12-2031\n"
    _address, page = tried(manager, text, ends="Tot")
    assert "Points of your programme never end" in page
    publish(bakery, Expiry.DAYS, 30)
    turn(clock.now())
    taken_in(manager, text, ends="Tot")
    bring(shopper)
    (lot,) = lots(alice)
    assert (lot.remaining, lot.expires_at.isoformat()) == (50, "2031-12-31T23:00:00+00:00")
    assert left(alice) == [50]
    prove()


def test_no_number_and_no_address_is_kept_readable(manager: Client) -> None:
    taken_in(manager)
    with operator_scope("the tests look"):
        (file,) = BalanceImport.objects.all()
        kept = repr(list(WaitingBalance.objects.values()) + list(BalanceImport.objects.values()))
    assert file.locked is None
    for said in ("1234", "12-34", "alice", "Alice", "Iemand"):
        assert said not in kept


def test_who_leaves_takes_along_what_waits_and_lets_it_go(
    manager: Client, shopper: Client, alice: Person
) -> None:
    taken_in(manager)
    assert section(alice, "points_to_bring") == [{"shop": "Bakkerij Bol", "points": 1250}]
    bring(shopper)
    (brought,) = section(alice, "points_changes")
    assert (brought["what"], brought["points"]) == ("brought", 1250)
    assert section(alice, "points_to_bring") == []
    delete_account(person_id=alice.pk, actor=SYSTEM, now=clock.now())
    assert [(one.card_key, one.email_key) for one in waiting() if one.move_id] == [(None, None)]
    prove()


def test_who_leaves_unclaimed_leaves_nothing_under_the_address(
    manager: Client, shopper: Client, alice: Person
) -> None:
    taken_in(manager)
    delete_account(person_id=alice.pk, actor=SYSTEM, now=clock.now())
    assert [one.points for one in waiting()] == [40]


def section(person: Person, name: str) -> list[Any]:
    (found,) = [one for one in LoyaltyData().sections(person.pk) if one.name == name]
    return list(found.rows)


def test_what_nobody_claims_or_decides_is_forgotten(
    manager: Client, bakery: Bakery, shopper: Client
) -> None:
    taken_in(manager)
    bring(shopper)
    open_address = give(manager)
    assert forget_balances(now=clock.now()) == 0
    later = clock.now() + FILE_STAYS + timedelta(minutes=1)
    assert forget_balances(now=later) == 1
    assert "the file is gone" in manager.get(open_address).content.decode()
    assert forget_balances(now=later + WAITS) == 2
    assert forget_balances(now=later + WAITS) == 0
    assert [(one.points, one.card_key) for one in waiting()] == [(1_250, None)]
    prove()


def test_next_door_and_the_cashier_see_nothing(
    manager: Client, bakery: Bakery, world: World, charlie: Person, client: Client
) -> None:
    address = give(manager)
    client.force_login(charlie)
    assert client.get(address).status_code in {403, 404}
    assert client.post(address.replace("bakkerij-bol", "kaashuis"), COLUMNS).status_code == 404
    cashier = works(bakery, world.olga, Role.CASHIER)
    assert cashier.get(PAGE).status_code == 403
    assert cashier.post(address, {"take": "1"}).status_code == 403


def test_the_command_does_the_same(bakery: Bakery, tmp_path: Path) -> None:
    file = tmp_path / "oud.csv"
    file.write_text(FILE)
    out = StringIO()
    call_command("import_balances", "bakkerij-bol", str(file), "--dry-run", stdout=out)
    assert "2 members, 1290 points" in out.getvalue()
    assert not waiting()
    call_command("import_balances", "bakkerij-bol", str(file), stdout=out)
    assert "Taken in: 2 members." in out.getvalue()
    file.write_text(FILE + "1;;x;\n")
    err = StringIO()
    with pytest.raises(CommandError, match="niets ingelezen"):
        call_command("import_balances", "bakkerij-bol", str(file), stdout=out, stderr=err)
    assert "4" in err.getvalue()
    with pytest.raises(CommandError, match="There is no merchant nobody"):
        call_command("import_balances", "nobody", str(file))
    assert len(waiting()) == 2


def test_a_worker_that_died_is_followed_by_another(manager: Client) -> None:
    address, _page = tried(manager)
    manager.post(address, {"take": "1"})
    (file_id,) = files_to_take_in(now=clock.now())
    with operator_scope("the tests look"):
        BalanceImport.objects.filter(pk=file_id).update(
            state=ImportState.RUNNING, attempts=1, claimed_until=clock.now()
        )
    assert take_in_balances(file_id=file_id, actor=SYSTEM, now=clock.now())
    assert not take_in_balances(file_id=file_id, actor=SYSTEM, now=clock.now())
    assert len(waiting()) == 2


def test_what_failed_three_times_leaves_nothing(manager: Client) -> None:
    address, _page = tried(manager)
    manager.post(address, {"take": "1"})
    (file_id,) = files_to_take_in(now=clock.now())
    with operator_scope("the tests look"):
        BalanceImport.objects.filter(pk=file_id).update(
            state=ImportState.RUNNING, attempts=3, claimed_until=clock.now()
        )
    assert not take_in_balances(file_id=file_id, actor=SYSTEM, now=clock.now())
    assert "It did not succeed" in manager.get(address).content.decode()
    assert not waiting()


def test_planted_breaches_are_found(manager: Client, shopper: Client) -> None:
    taken_in(manager)
    bring(shopper)
    assert not invariants.balances_brought_along_are_booked().breaches
    assert not invariants.moves_of_points_are_booked().breaches
    plant("UPDATE loyalty_waiting_balance SET points = points + 1 WHERE move_id IS NOT NULL")
    assert invariants.balances_brought_along_are_booked().breaches
    plant("UPDATE loyalty_waiting_balance SET move_id = NULL")
    assert invariants.balances_brought_along_are_booked().breaches
    plant("UPDATE loyalty_points_move SET points = points + 1")
    assert invariants.moves_of_points_are_booked().breaches


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_brings_the_points(
    bakery: Bakery, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "oud.csv"
    with file.open("w") as out:
        csv.writer(out).writerows([("card", "points"), ("12", "500"), ("13", "1")])
    call_command("import_balances", "bakkerij-bol", str(file), stdout=StringIO())
    people = [world.alice, world.bob, world.olga, world.charlie, world.anna]
    members = [(person.pk, bakery.join(person).pk) for person in people]

    def act(number: int) -> str:
        person_id, member_id = members[number % len(members)]
        try:
            return str(
                claim_by_card(
                    person_id=person_id,
                    member_id=member_id,
                    number="12",
                    actor=SYSTEM,
                    now=clock.now(),
                )
            )
        except (NothingWaits, TooManyNumbers) as refusal:
            return refusal.code

    found = all_at_once(act)
    assert found["500"] == 1
    assert found["no_points_wait"] + found["too_many_card_numbers"] == AT_ONCE - 1
    assert sum(bakery.points(person) or 0 for person in people) == 500
    with operator_scope("the tests look"):
        assert PointsMove.objects.count() == 1
    prove("events_are_handled")
