"""From the shopper's bank to the merchant's: the bank is another program, with books of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from okplatform.parties.models import Person
from payments.models import BankAccount, Collection, Expectation, HouseAccount
from payments.queries import work_queue
from tests.demo.circle import Circle
from tests.payments.books import bank_account, held, owed_by, owed_to, sell
from tests.payments.refunding import among_stores, coming_to, give_back, on_its_way, states
from tests.payments.settling import our_account, payouts, sign
from tests.support.proofs import prove
from tests.support.world import NOW, World

MERCHANTS_IBAN = "NL91ABNA0417164300"
KRAMERS_IBAN = "NL20INGB0001234567"
ALICES_IBAN = "NL02ABNA0123456789"
START = 10_000_00
"""What the sandbox bank gives a new customer, in cents."""


@pytest.fixture
def circle(world: World, settings: Settings, tmp_path: Path) -> Iterator[Circle]:
    settings.OK_BANK_FOLDER = str(tmp_path)
    started = Circle(our_account(), tmp_path, NOW)
    yield started
    started.close()


@pytest.fixture
def account(alice: Person) -> BankAccount:
    """Alice's bank account, signed for, at another bank than the merchant's."""
    made = bank_account(alice, ALICES_IBAN)
    sign(made)
    return made


def test_money_goes_from_the_shoppers_bank_to_the_merchants(
    world: World, circle: Circle, account: BankAccount
) -> None:
    sell(world.till, account, 1_840)
    sell(world.till, account, 260)

    circle.pass_days(7)

    assert circle.client.balance(ALICES_IBAN) == START - 2_100
    assert circle.client.balance(MERCHANTS_IBAN) == START + 2_100
    assert circle.agree() == 0
    assert held(owed_by(account)) == held(owed_to(world.till)) == 0
    assert [one.state for one in Collection.objects.all()] == ["settled"]
    assert [one.state for one in payouts()] == ["paid"]
    assert not Expectation.objects.exclude(state="fulfilled").exists()
    assert not work_queue(mode="live").exists()
    prove()


def test_who_had_no_funds_is_asked_once_more(
    world: World, circle: Circle, account: BankAccount
) -> None:
    circle.client.order("return", code="AM04", iban=ALICES_IBAN, after_days=1)
    sell(world.till, account, 1_840)

    circle.pass_days(21)

    first, second = Collection.objects.order_by("pk")
    assert (first.state, first.reason, second.state) == ("returned", "AM04", "settled")
    assert circle.client.balance(ALICES_IBAN) == START - 1_840
    assert circle.agree() == 0
    assert held(owed_by(account)) == 0
    prove()


def test_who_takes_the_money_back_owes_it_again(
    world: World, circle: Circle, account: BankAccount
) -> None:
    circle.client.order("refund", code="MD06", iban=ALICES_IBAN, after_days=10)
    sell(world.till, account, 1_840)

    circle.pass_days(28)

    (only,) = Collection.objects.all()
    assert (only.state, only.reason, only.follow_up) == ("returned", "MD06", "ask_person")
    # The merchant was paid and keeps it; what the shopper owes is what the bank lacks.
    assert circle.client.balance(ALICES_IBAN) == START
    assert circle.agree() == held(owed_by(account)) == -1_840
    prove()


def nothing_is_left(world: World, account: BankAccount, ours: HouseAccount) -> bool:
    """Say that nobody owes anybody anything, and that nothing is on its way."""
    places = (owed_by(account), owed_to(world.haarlem), coming_to(account), on_its_way(ours))
    return all(held(place) == 0 for place in places)


def test_what_comes_back_goes_back_before_and_after_it_was_collected_and_in_another_store(
    world: World, circle: Circle, account: BankAccount
) -> None:
    novel = sell(world.haarlem, account, 1_840)
    give_back(world.haarlem, novel, 340, now=circle.now)
    circle.pass_days(7)
    # What was given back before it was collected went through no bank.
    assert circle.client.balance(ALICES_IBAN) == START - 1_500
    assert circle.client.balance(KRAMERS_IBAN) == START + 1_500

    atlas = sell(world.haarlem, account, 4_000)
    give_back(world.haarlem, novel, 500, now=circle.now)
    circle.pass_days(7)
    sell(world.leiden, account, 2_000)
    give_back(world.leiden, atlas, 1_000, now=circle.now)
    assert states() == ["set_off", "paid", "waiting"]
    circle.pass_days(14)

    assert states() == ["set_off", "paid", "paid"]
    assert circle.client.balance(ALICES_IBAN) == START - 7_840 + 340 + 500 + 1_000
    assert circle.client.balance(KRAMERS_IBAN) == START + 7_840 - 340 - 500 - 1_000
    assert circle.agree() == 0
    assert nothing_is_left(world, account, circle.account)
    assert (held(among_stores(world.haarlem)), held(among_stores(world.leiden))) == (1_000, -1_000)
    assert not Expectation.objects.exclude(state="fulfilled").exists()
    prove()


def test_a_refund_of_what_the_shopper_takes_back_lowers_the_debt(
    world: World, circle: Circle, account: BankAccount
) -> None:
    circle.client.order("return", code="AM04", iban=ALICES_IBAN, after_days=3)
    sale = sell(world.till, account, 1_840)
    sell(world.till, account, 260)
    circle.pass_days(4)
    assert [one.state for one in Collection.objects.all()] == ["settled"]
    sell(world.till, account, 600)
    give_back(world.till, sale, 500, now=circle.now)

    circle.pass_days(17)

    assert states() == ["set_off"]
    assert circle.client.balance(ALICES_IBAN) == START - 2_700 + 500
    assert circle.agree() == 0
    prove()


@pytest.mark.parametrize(
    ("misdeed", "became"), [("false_reject", ["paid"]), ("reject", ["returned", "paid"])]
)
def test_a_merchant_is_paid_once_whatever_a_bank_that_timed_out_did(
    world: World, circle: Circle, account: BankAccount, misdeed: str, became: list[str]
) -> None:
    circle.client.order(misdeed, code="AB06", kind="payout")
    sell(world.till, account, 1_840)

    circle.pass_days(2)
    assert [one.state for one in payouts()] in (["unknown"], ["paid"])
    circle.pass_days(14)

    assert [one.state for one in payouts()] == became
    assert {one.doubt for one in payouts()[:1]} == {"AB06"}
    assert circle.client.balance(MERCHANTS_IBAN) == START + 1_840
    assert circle.agree() == 0
    assert held(owed_to(world.till)) == 0
    prove()


@pytest.mark.parametrize(
    ("misdeed", "became"), [("false_reject", ["paid"]), ("reject", ["returned", "paid"])]
)
def test_a_refund_is_paid_once_whatever_a_bank_that_timed_out_did(
    world: World, circle: Circle, account: BankAccount, misdeed: str, became: list[str]
) -> None:
    sale = sell(world.haarlem, account, 1_840)
    circle.pass_days(7)
    sell(world.haarlem, account, 4_000)
    give_back(world.haarlem, sale, 500, now=circle.now)
    circle.client.order(misdeed, code="AB08", kind="payout", iban=ALICES_IBAN)

    circle.pass_days(21)

    assert states() == became
    assert circle.client.balance(ALICES_IBAN) == START - 5_840 + 500
    prove()


def test_a_stranger_pays_and_nobody_guesses(world: World, circle: Circle) -> None:
    circle.client.order(
        "pay_in",
        amount=5_000,
        iban="NL20INGB0001234567",
        name="Wie Weet",
        to=circle.account.iban,
        text="voor het feest",
    )

    circle.pass_days(3)

    (waiting,) = work_queue(mode="live")
    assert (waiting.amount, waiting.name) == (5_000, "Wie Weet")
    # Ours does not know of it until somebody decides; the proof of the bank counts what waits.
    assert circle.client.balance(circle.account.iban) == 5_000
    prove()
