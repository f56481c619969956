"""What a till sold without a network: paid by whoever showed the code, or its shop's own loss."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.transaction import savepoint, savepoint_rollback
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.modes import Mode
from tests.loyalty.bakery import Bakery
from tests.support.counter import (
    BREAD,
    Counter,
    basket,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.dark import FIRST, DarkTill, ago, allow, dark_till
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import NOW, World
from wallet.actions.block_device import block_device

pytestmark = pytest.mark.django_db
HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def dark(counter: Counter) -> DarkTill:
    return dark_till(counter)


def booked(answer: Any) -> tuple[str, str | None]:
    assert answer.status_code == 200, answer.content
    told = answer.json()
    return told["booked_as"], told["reason"]


def balance(kind: str) -> int:
    found = call(
        "SELECT coalesce(sum(entry.amount), 0)::bigint FROM payments_entry entry"
        " JOIN payments_account account ON account.id = entry.account_id WHERE account.kind = %s",
        [kind],
    )
    return int(found[0][0])


def test_a_sale_of_a_dark_till_is_paid_at_the_full_price_and_earns_points(
    dark: DarkTill, member: Phone
) -> None:
    sold = dark.sells(show(member))
    answer = dark.sends(sold)
    assert booked(answer) == ("paid", None)
    assert answer.json()["points_earned"] == 11
    assert answer.json()["sentence"] == "Paid. The customer's bank account is charged."
    assert (balance("shopper_receivable"), balance("merchant_payable")) == (-1100, 1100)
    assert balance("offline_losses") == 0
    told = dark.counter.get(sold[0]).json()
    assert (told["verdict"], told["due"], told["discount"]) == ("happened", 1100, 0)
    settle_events()
    prove()


def test_it_costs_what_the_till_charged_though_an_offer_runs(
    dark: DarkTill, member: Phone, bakery: Bakery
) -> None:
    bakery.offer()
    online = dark.counter.put(uuid4(), basket(code=show(member), payment=paying())).json()
    assert online["discount"] > 0
    sold = dark.sells(show(member))
    assert booked(dark.sends(sold)) == ("paid", None)
    assert dark.counter.get(sold[0]).json()["due"] == 1100
    prove()


def test_a_photographed_code_pays_once_and_the_other_is_booked_as_that_shops_loss(
    dark: DarkTill, world: World, member: Phone
) -> None:
    other = dark_till(Counter(world.haarlem, world.haarlem.key))
    code = show(member)
    first, photograph = dark.sells(code), other.sells(code)
    # The photograph is sent first: it pays, and the loss is that of whoever sent later.
    assert booked(other.sends(photograph)) == ("paid", None)
    answer = dark.sends(first)
    assert booked(answer) == ("loss", "code_used")
    assert answer.json()["points_earned"] == 0
    assert "photograph" in answer.json()["sentence"]
    assert (balance("shopper_receivable"), balance("merchant_payable")) == (-1100, 1100)
    assert (balance("offline_losses"), balance("offline_unpaid")) == (-1100, 1100)
    told = dark.counter.get(first[0]).json()
    assert (told["verdict"], told["member"]) == ("happened", None)
    assert [tender["kind"] for tender in told["tenders"]] == ["other"]
    settle_events()
    prove()


def test_sent_twice_it_is_the_same_answer_and_another_body_is_refused(
    dark: DarkTill, phone: Phone
) -> None:
    uuid, body = dark.sells(show(phone))
    first = dark.sends((uuid, body))
    assert dark.sends((uuid, body)).json() == first.json()
    other = dark.sends((uuid, {**body, "operator": "Sam"}))
    assert (other.status_code, other.json()["code"]) == (409, "offline_sale_differs")
    assert other.json()["verdict"] == "happened"
    assert balance("merchant_payable") == 1100
    prove()


def test_a_loss_sent_again_stays_a_loss_whatever_has_become_of_the_reason(
    counter: Counter, phone: Phone
) -> None:
    dark = DarkTill(counter).ready()
    sold = dark.sells(show(phone))
    first = dark.sends(sold)
    assert booked(first) == ("loss", "no_allowance")
    allow(counter.place)
    assert dark.sends(sold).json() == first.json()
    assert balance("offline_losses") == -1100
    prove()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 1000},
        {"sequence": 7},
        {"previous": "1" * 64},
        {"sold_at": "2026-11-17T14:00:00Z"},
        {"signature": "A" * 86 + "=="},
    ],
)
def test_what_the_till_did_not_sign_is_refused_and_nothing_is_booked(
    dark: DarkTill, phone: Phone, change: dict[str, Any]
) -> None:
    uuid, body = dark.sells(show(phone))
    forged = {**body, "offline": {**body["offline"], **change}}
    refused = dark.sends((uuid, forged))
    assert (refused.status_code, refused.json()["code"]) == (422, "offline_signature_wrong")
    under_another = dark.sends((uuid4(), body))
    assert under_another.json()["code"] == "offline_signature_wrong"
    assert call("SELECT count(*) FROM trade_sale") == [(0,)]
    assert balance("offline_losses") == 0
    # The true one still comes through.
    assert booked(dark.sends((uuid, body))) == ("paid", None)


def test_the_lines_come_to_what_was_signed_and_the_clock_is_possible(
    dark: DarkTill, phone: Phone
) -> None:
    differs = dark.sends(dark.sells(show(phone), amount=1))
    assert (differs.status_code, differs.json()["code"]) == (422, "offline_amount_differs")
    impossible: tuple[dict[str, Any], ...] = (
        {"sold_at": (clock.now() + timedelta(minutes=10)).isoformat()},
        {"sold_at": "2026-11-17T14:00:00Z"},
        {"dark_since": "2020-01-01T00:00:00Z"},
    )
    for said in impossible:
        refused = dark.sends(dark.sells(show(phone), **said))
        assert (refused.status_code, refused.json()["code"]) == (422, "offline_times_impossible")
    nonsense = dark.sends(dark.sells(show(phone), sold_at="2026-02-31T00:00:00Z"))
    assert (nonsense.status_code, nonsense.json()["code"]) == (422, "invalid_request")
    assert call("SELECT count(*) FROM merchants_offline_sale") == [(0,)]


def test_a_number_signed_twice_is_a_loss_of_its_own_and_never_hidden(
    dark: DarkTill, phone: Phone
) -> None:
    first = dark.sells(show(phone))
    dark.sequence = 0
    second = dark.sells(show(phone))
    assert booked(dark.sends(first)) == ("paid", None)
    assert booked(dark.sends(second)) == ("loss", "sequence_used")
    assert (balance("merchant_payable"), balance("offline_losses")) == (1100, -1100)
    prove()


def test_what_goes_beyond_the_allowance_is_a_loss_as_a_whole(
    counter: Counter, phone: Phone
) -> None:
    dark = dark_till(counter, per_sale=1_500, in_all=2_500)
    sold = [dark.sells(show(phone)) for _ in range(3)]
    dear = dark.sells(show(phone), lines=[BREAD, BREAD])
    assert [booked(dark.sends(one)) for one in sold] == [
        ("paid", None),
        ("paid", None),
        ("loss", "over_allowance"),
    ]
    assert booked(dark.sends(dear)) == ("loss", "over_sale_limit")
    # Having heard of OK again, the till has its whole allowance again.
    dark.dark_since = dark.asks().json()["as_of"]
    assert booked(dark.sends(dark.sells(show(phone)))) == ("paid", None)
    prove()


def test_the_allowance_is_the_one_that_held_when_the_till_last_heard(
    dark: DarkTill, phone: Phone
) -> None:
    allow(dark.counter.place, per_sale=0, in_all=0, hours=0, now=clock.now())
    assert booked(dark.sends(dark.sells(show(phone)))) == ("paid", None)
    assert dark.asks().json()["allowed"] is False
    dark.dark_since = dark.asks().json()["as_of"]
    assert booked(dark.sends(dark.sells(show(phone)))) == ("loss", "no_allowance")
    prove()


def test_dark_for_too_long_or_sent_too_late_is_a_loss(counter: Counter, phone: Phone) -> None:
    allow(counter.place, hours=2, now=NOW - timedelta(days=300))
    dark = DarkTill(counter).ready()
    dark.dark_since = ago(hours=5).isoformat()
    assert booked(dark.sends(dark.sells(show(phone)))) == ("loss", "dark_too_long")
    dark.dark_since = ago(days=8).isoformat()
    late = dark.sells(phone.shows(ago(days=8)), at=ago(days=8) + timedelta(hours=1))
    assert booked(dark.sends(late)) == ("loss", "sent_too_late")
    assert balance("offline_losses") == -2200
    prove()


def test_the_code_must_have_been_shown_when_it_was_sold(dark: DarkTill, phone: Phone) -> None:
    dark.dark_since = ago(hours=3).isoformat()
    allow(dark.counter.place, now=NOW - timedelta(days=1))
    then = ago(hours=2)
    in_time = dark.sells(phone.shows(then), at=then)
    stale = dark.sells(phone.shows(then, handle=1), at=then + timedelta(minutes=5))
    never = dark.sells(phone.shows(then, handle=2), at=then + timedelta(hours=1, minutes=30))
    assert booked(dark.sends(in_time)) == ("paid", None)
    assert booked(dark.sends(stale)) == ("loss", "code_stale")
    assert booked(dark.sends(never)) == ("loss", "code_unknown")
    assert booked(dark.sends(dark.sells("1" * 22, at=then))) == ("loss", "code_malformed")
    prove()


def test_a_phone_that_was_blocked_pays_nothing_and_the_shop_bears_it(
    dark: DarkTill, phone: Phone
) -> None:
    sold = dark.sells(show(phone))
    block_device(person_id=phone.person.pk, device_uuid=phone.uuid, now=clock.now(), actor=SYSTEM)
    assert booked(dark.sends(sold)) == ("loss", "code_blocked")
    assert balance("shopper_receivable") == 0
    prove()


def test_what_the_shopper_would_have_to_confirm_is_a_loss(dark: DarkTill, phone: Phone) -> None:
    many = [{**BREAD, "quantity": 11}]
    sold = [dark.sells(show(phone), lines=many) for _ in range(4)]
    told = [booked(dark.sends(one)) for one in sold]
    assert told[:3] == [("paid", None)] * 3
    assert told[3] == ("loss", "confirmation_needed")
    prove()


def test_out_of_order_a_gap_is_named_and_closed_and_a_changed_log_is_told(
    dark: DarkTill, phone: Phone
) -> None:
    first, second, third = (dark.sells(show(phone)) for _ in range(3))
    assert booked(dark.sends(third)) == ("paid", None)
    (log,) = dark.asks().json()["logs"]
    assert (log["last_sequence"], log["gaps"], log["breaks"]) == (3, [{"first": 1, "last": 2}], [])
    assert log["last_digest"] == dark.previous
    dark.sends(first)
    assert dark.asks().json()["logs"][0]["gaps"] == [{"first": 2, "last": 2}]
    dark.sends(second)
    (log,) = dark.asks().json()["logs"]
    assert (log["gaps"], log["breaks"]) == ([], [])
    dark.previous = "f" * 64
    assert booked(dark.sends(dark.sells(show(phone)))) == ("paid", None)
    assert dark.asks().json()["logs"][0]["breaks"] == [4]
    prove()


def test_a_new_key_retires_the_old_one_which_counts_for_what_it_had_signed(
    dark: DarkTill, phone: Phone
) -> None:
    before = dark.sells(show(phone))
    new = DarkTill(dark.counter).ready()
    told = new.asks().json()["logs"]
    assert [(log["public_key"], log["in_force"]) for log in told] == [
        (new.public_key, True),
        (dark.public_key, False),
    ]
    after = dark.sells(show(phone))
    assert booked(dark.sends(before)) == ("paid", None)
    assert booked(dark.sends(after)) == ("loss", "key_retired")
    assert booked(new.sends(new.sells(show(phone)))) == ("paid", None)
    taken = dark.registers()
    assert (taken.status_code, taken.json()["code"]) == (409, "offline_key_taken")
    assert new.registers().status_code == 200
    assert call("SELECT count(*) FROM merchants_offline_key") == [(2,)]
    prove()


def test_another_tills_key_signs_nothing_here(dark: DarkTill, world: World, phone: Phone) -> None:
    stranger = DarkTill(Counter(world.haarlem, world.haarlem.key), own=dark.own)
    assert stranger.registers().json()["code"] == "offline_key_taken"
    stranger.dark_since = dark.dark_since
    refused = stranger.sends(stranger.sells(show(phone)))
    assert (refused.status_code, refused.json()["code"]) == (409, "offline_key_unknown")
    nonsense = dark.counter.client.put(
        "/api/v1/offline-key", {"public_key": "A" * 42 + "B="}, format="json"
    )
    assert (nonsense.status_code, nonsense.json()["code"]) == (422, "offline_key_malformed")


def test_the_same_uuid_at_another_merchant_is_a_sale_of_its_own(
    dark: DarkTill, world: World, phone: Phone
) -> None:
    other = dark_till(Counter(world.haarlem, world.haarlem.key))
    uuid, body = dark.sells(show(phone))
    first = dark.sends((uuid, body))
    theirs = {**body, "code": show(phone)}
    signed = {**body["offline"], "dark_since": other.dark_since, "sold_at": clock.now().isoformat()}
    _text, signature = other.signs(uuid, theirs, signed)
    theirs["offline"] = {**signed, "public_key": other.public_key, "signature": signature}
    assert booked(other.sends((uuid, theirs))) == ("paid", None)
    assert dark.sends((uuid, body)).json() == first.json()
    assert other.counter.get(uuid).json()["store"] != dark.counter.get(uuid).json()["store"]
    assert balance("merchant_payable") == 2_200
    prove()


def test_a_chains_key_says_which_till_it_is(world: World) -> None:
    api = world.api(world.kramer.chain_key)
    for answer in (
        api.get("/api/v1/offline-allowance?store=haarlem"),
        api.put(
            "/api/v1/offline-key",
            {"store": "haarlem", "public_key": DarkTill(Counter(world.till, "x")).public_key},
            format="json",
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "offline_needs_terminal")


def test_a_sale_begun_online_is_finished_in_the_dark_and_pays_once(
    dark: DarkTill, phone: Phone
) -> None:
    code = show(phone)
    uuid, body = dark.sells(code)
    dark.counter.put(uuid, basket(code=code))
    assert booked(dark.sends((uuid, body))) == ("paid", None)
    # Another one had been paid, only the answer never came: it is not booked a second time.
    code = show(phone)
    uuid, body = dark.sells(code)
    dark.counter.put(uuid, basket(code=code, payment=paying()))
    refused = dark.sends((uuid, body))
    assert (refused.status_code, refused.json()["code"]) == (409, "sale_closed")
    assert refused.json()["verdict"] == "happened"
    assert balance("merchant_payable") == 2200
    prove()


def test_a_sandbox_sells_in_the_dark_beside_live(
    world: World, dark: DarkTill, phone: Phone
) -> None:
    allow(world.till, mode="test")
    tried = DarkTill(Counter(world.till, world.till.issue_key(mode=Mode.TEST).text)).ready()
    assert booked(tried.sends(tried.sells(show(with_bank_account(world.tessa))))) == ("paid", None)
    # A live code in test mode pays nothing, and what is lost there is no live loss.
    assert booked(tried.sends(tried.sells(show(phone)))) == ("loss", "code_wrong_mode")
    assert booked(dark.sends(dark.sells(show(phone)))) == ("paid", None)
    live = "SELECT count(*) FROM payments_posting WHERE kind = 'offline_loss' AND mode = 'live'"
    assert call(live) == [(0,)]
    assert dark.asks().json()["logs"][0]["last_sequence"] == 1
    prove()


@given(st.lists(st.integers(0, 4), max_size=8), st.permutations(range(5)))
@settings(max_examples=12, deadline=None, suppress_health_check=HEALTH)
def test_in_any_order_and_however_often_it_comes_to_the_same(
    dark: DarkTill, phone: Phone, again: list[int], order: list[int]
) -> None:
    """Four shown codes, one of them at two sales: whoever comes first of those is paid."""
    mark = savepoint()
    start, dark.sequence, dark.previous = (dark.sequence, dark.previous), 0, FIRST
    code = show(phone)
    sold = [dark.sells(one) for one in (code, code, *(show(phone) for _ in range(3)))]
    told: dict[int, Any] = {}
    for number in (*again, *order):
        answer = dark.sends(sold[number])
        assert answer.status_code == 200
        assert told.setdefault(number, answer.json()) == answer.json()
    first = next(number for number in (*again, *order) if number in {0, 1})
    assert [told[number]["reason"] for number in range(5)] == [
        "code_used" if number == 1 - first else None for number in range(5)
    ]
    assert (balance("merchant_payable"), balance("offline_losses")) == (4_400, -1_100)
    (log,) = dark.asks().json()["logs"]
    assert (log["last_sequence"], log["gaps"], log["breaks"]) == (5, [], [])
    prove()
    dark.sequence, dark.previous = start
    savepoint_rollback(mark)
