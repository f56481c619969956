"""64 dark tills send at once, each on its own connection: of one code, or one UUID, one pays."""

from typing import Any
from uuid import uuid4

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.parties.actions.create_person import create_person
from tests.support.counter import Counter, basket, paying, settle_events, show, with_bank_account
from tests.support.dark import DarkTill, dark_till
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

SALE = 1100


@pytest.fixture
def dark(world: World) -> DarkTill:
    return dark_till(Counter(world.till, world.till.key), in_all=AT_ONCE * SALE)


@pytest.fixture
def other(world: World) -> DarkTill:
    """A till of another merchant."""
    return dark_till(Counter(world.haarlem, world.haarlem.key), in_all=AT_ONCE * SALE)


def send(till: DarkTill, sold: Any) -> Any:
    """Send on a line of one's own."""
    return DarkTill(Counter(till.counter.place, till.counter.key), own=till.own).sends(sold)


def said(answer: Any) -> str:
    told = answer.json()
    return str(told.get("code") or told["reason"] or told["booked_as"])


def booked() -> dict[tuple[str, str], int]:
    """Return how many sales are paid or lost, by what is in the books."""
    found = call(
        "SELECT posting.kind, account.kind, -sum(entry.amount)::bigint FROM payments_entry entry"
        " JOIN payments_posting posting ON posting.id = entry.posting_id"
        " JOIN payments_account account ON account.id = entry.account_id"
        " WHERE account.kind IN ('shopper_receivable', 'offline_losses') GROUP BY 1, 2"
    )
    return {(posting, account): int(amount) // SALE for posting, account, amount in found}


def check_books(*, paid: int, lost: int) -> None:
    wanted = {("sale_paid", "shopper_receivable"): paid, ("offline_loss", "offline_losses"): lost}
    assert booked() == {kind: number for kind, number in wanted.items() if number}
    settle_events()
    prove()


def test_a_photographed_code_at_two_shops_pays_one_sale_of_64_and_all_others_are_their_losses(
    dark: DarkTill, other: DarkTill, alice: Any
) -> None:
    code = show(with_bank_account(alice))
    tills = (dark, other)
    sold = [(tills[number % 2], tills[number % 2].sells(code)) for number in range(AT_ONCE)]

    assert all_at_once(lambda number: said(send(*sold[number]))) == {
        "paid": 1,
        "code_used": AT_ONCE - 1,
    }
    assert call("SELECT count(*) FROM trade_sale WHERE state = 'closed'") == [(AT_ONCE,)]
    check_books(paid=1, lost=AT_ONCE - 1)


def test_one_code_online_and_in_the_dark_at_once_pays_once(dark: DarkTill, alice: Any) -> None:
    code = show(with_bank_account(alice))
    sold = [dark.sells(code) for _ in range(AT_ONCE)]

    def act(number: int) -> str:
        if number % 2:
            return said(send(dark, sold[number]))
        online = Counter(dark.counter.place, dark.counter.key)
        answer = online.put(uuid4(), basket(code=code, payment=paying()))
        told = answer.json()
        return "paid" if answer.status_code == 200 else f"online {told['code']}"

    found = all_at_once(act)

    half = AT_ONCE // 2
    assert found["paid"] == 1
    assert found["code_used"] + found["online code_used"] == AT_ONCE - 1
    assert found["code_used"] in {half, half - 1}
    check_books(paid=1, lost=found["code_used"])


def test_one_sale_sent_64_times_at_once_is_booked_once_and_answered_alike(
    dark: DarkTill, alice: Any
) -> None:
    sold = dark.sells(show(with_bank_account(alice)))
    answers = all_at_once(lambda _number: send(dark, sold).content.decode())
    assert list(answers.values()) == [AT_ONCE]
    check_books(paid=1, lost=0)


def test_of_64_sales_at_once_no_more_are_paid_than_the_till_was_allowed(
    dark: DarkTill, world: World
) -> None:
    leiden = Counter(world.leiden, world.leiden.key)
    few = dark_till(leiden, per_sale=SALE, in_all=4 * SALE - 1)
    crowd = [shopper(number) for number in range(AT_ONCE)]
    sold = [few.sells(show(phone)) for phone in crowd]
    assert all_at_once(lambda number: said(send(few, sold[number]))) == {
        "paid": 3,
        "over_allowance": AT_ONCE - 3,
    }
    check_books(paid=3, lost=AT_ONCE - 3)
    (log,) = few.asks().json()["logs"]
    assert (log["last_sequence"], log["gaps"], log["breaks"]) == (AT_ONCE, [], [])
    assert not dark.asks().json()["logs"][0]["last_sequence"]


def test_64_keys_registered_at_once_leave_one_in_force(dark: DarkTill) -> None:
    def register(_number: int) -> str:
        till = DarkTill(Counter(dark.counter.place, dark.counter.key))
        return str(till.registers().status_code)

    assert all_at_once(register) == {"200": AT_ONCE}
    assert call("SELECT count(*), count(retired_at) FROM merchants_offline_key") == [
        (AT_ONCE + 1, AT_ONCE)
    ]


def shopper(number: int) -> Phone:
    person = create_person(email=f"{number}@example.nl", name=f"Shopper {number}", actor=SYSTEM)
    return with_bank_account(person)
