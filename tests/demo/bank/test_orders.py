"""How the bank misbehaves, order by order."""

from datetime import date, timedelta

import pytest

from demo.bank.mangling import MANGLINGS, mangled
from demo.bank.orders import REASONS, TRANSACTIONS
from tests.demo.bank.conftest import Desk
from tests.demo.bank.files import HOUSE, MONDAY, Asked, iban, lines, reports

COFFEE = Asked(id="E1", amount=1012)
BREAD = Asked(id="E2", amount=250, iban=iban(2), name="Bob")
STRANGER = iban(77)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_collection_is_rejected_before_settlement(desk: Desk, code: str) -> None:
    desk.order("reject", code=code, iban=iban(1))
    desk.collect(BREAD, COFFEE)
    assert desk.status()["transactions"] == {"E2": ("ACCP", None), "E1": ("RJCT", code)}
    desk.end_of(MONDAY)
    assert desk.stated() == [("E2", 250, None)]
    assert desk.client.states() == {"E1": "rejected", "E2": "booked"}


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_collection_comes_back_after_settlement(desk: Desk, code: str) -> None:
    desk.order("return", code=code, amount=1012, after_days=1)
    desk.collect(BREAD, COFFEE)
    desk.go_to(MONDAY)
    assert desk.house == 1262
    desk.end_of(MONDAY + timedelta(days=1))
    assert desk.told() == [("E2", 1262, None), ("E1", -1012, code)]
    assert desk.stated() == desk.told()
    assert desk.client.balance(iban(1)) == 10_000_00
    assert desk.client.states() == {"E1": "returned", "E2": "booked"}


def test_a_payout_comes_back(desk: Desk) -> None:
    desk.order("return", code="AC04")
    desk.pay(COFFEE)
    desk.end_of(MONDAY + timedelta(days=1))
    assert desk.house == -1012
    desk.end_of(MONDAY + timedelta(days=2))
    assert desk.stated() == [("E1", -1012, None), ("E1", 1012, "AC04")]
    assert desk.house == 0


def test_a_debtor_asks_the_money_back_weeks_later(desk: Desk) -> None:
    desk.order("refund", end_to_end_id="E1", after_days=56)
    desk.collect(COFFEE)
    desk.end_of(MONDAY + timedelta(days=55))
    assert desk.house == 1012
    # The fifty-sixth day is King's Day, on which TARGET works.
    desk.end_of(MONDAY + timedelta(days=56))
    assert desk.stated() == [("E1", 1012, None), ("E1", -1012, "MD06")]


def test_what_is_on_the_account_already_can_still_be_sent_back(desk: Desk) -> None:
    desk.collect(COFFEE)
    desk.go_to(MONDAY)
    desk.order("return", end_to_end_id="E1", code="MD01", after_days=0)
    assert desk.told() == [("E1", 1012, None), ("E1", -1012, "MD01")]
    desk.order("refund", end_to_end_id="E1", after_days=0)
    desk.end_of(MONDAY + timedelta(days=60))
    assert desk.house == 0


def test_what_waits_can_still_be_rejected_with_an_answer_of_its_own(desk: Desk) -> None:
    desk.collect(COFFEE, BREAD)
    desk.order("reject", end_to_end_id="E1", code="MS02")
    assert desk.status()["message"] == "C1"
    assert desk.status()["transactions"] == {"E1": ("RJCT", "MS02")}
    desk.end_of(MONDAY)
    assert desk.stated() == [("E2", 250, None)]


def test_what_waits_can_be_put_off(desk: Desk) -> None:
    desk.collect(COFFEE, BREAD)
    desk.order("delay", end_to_end_id="E1", days=2)
    desk.end_of(MONDAY)
    assert desk.house == 250
    desk.end_of(MONDAY + timedelta(days=2))
    assert desk.stated() == [("E2", 250, None), ("E1", 1012, None)]


def test_a_payment_is_late(desk: Desk) -> None:
    desk.order("delay", days=3)
    desk.pay(COFFEE, BREAD)
    desk.end_of(MONDAY)
    assert desk.house == -250
    desk.end_of(MONDAY + timedelta(days=3))
    assert desk.house == -1262


def test_no_answer_comes_and_yet_it_happened(desk: Desk) -> None:
    desk.order("silence")
    desk.pay(COFFEE)
    desk.end_of(MONDAY)
    assert desk.client.answers("pain.002") == []
    assert desk.house == -1012


def test_rejected_for_a_time_out_and_yet_it_happened(desk: Desk) -> None:
    friday = date(2026, 2, 27)
    desk.order("false_reject")
    desk.pay(COFFEE, day=friday, instant=True)
    assert desk.status()["transactions"] == {"E1": ("RJCT", "AB06")}
    assert desk.told() == [("E1", -1012, None)]


def test_an_order_reaches_as_many_transactions_as_it_says(desk: Desk) -> None:
    desk.order("reject", next=2)
    desk.order("reject", code="AG01", iban=iban(2))
    desk.collect(COFFEE, BREAD, Asked(id="E3", amount=1), Asked(id="E4", amount=2, iban=iban(2)))
    codes = {id_: code for id_, (_, code) in desk.status()["transactions"].items()}
    assert codes == {"E1": "AC04", "E2": "AC04", "E3": None, "E4": "AG01"}


def test_several_orders_meet_in_one_transaction(desk: Desk) -> None:
    desk.order("delay", days=1)
    desk.order("return", code="MD07", after_days=1)
    desk.order("mangle", how="lower")
    desk.collect(COFFEE)
    desk.end_of(MONDAY + timedelta(days=2))
    assert desk.stated() == [("e1", 1012, None), ("e1", -1012, "MD07")]


def test_a_batch_entry_may_keep_its_transactions_to_itself(desk: Desk) -> None:
    desk.order("booking", booked_as="bare_batch", next=2)
    desk.collect(COFFEE, BREAD)
    desk.end_of(MONDAY)
    assert desk.stated() == [(None, 1262, None)]
    text = desk.client.statements()[-1].read_text()
    assert "<PmtInfId>C1-B1</PmtInfId>" in text
    assert "E1" not in text


def test_a_batch_may_be_booked_one_by_one(desk: Desk) -> None:
    desk.order("booking", booked_as="single", next=2)
    desk.collect(COFFEE, BREAD)
    desk.end_of(MONDAY)
    assert desk.stated() == [("E1", 1012, None), ("E2", 250, None)]


@pytest.mark.parametrize("how", sorted(MANGLINGS))
def test_references_arrive_spoiled(desk: Desk, how: str) -> None:
    desk.order("mangle", how=how, next=2)
    desk.order("booking", next=2)
    desk.collect(Asked(id="INV-0042a", amount=5, text="Invoice 0042"), BREAD)
    desk.end_of(MONDAY)
    shown = mangled("INV-0042a", how=how, longest=35, seed="")
    assert shown != "INV-0042a"
    assert desk.stated()[0] == (shown or "NOTPROVIDED", 5, None)


def test_a_stranger_pays(desk: Desk) -> None:
    desk.order(
        "pay_in", to=HOUSE, iban=STRANGER, name="Zoë", amount=1999, text="Factuur 12",
        structured="RF18539007547034", end_to_end_id="X",
    )  # fmt: skip
    assert desk.told() == [("X", 1999, None)]
    text = desk.client.answers("camt.054")[0].read_text()
    assert all(part in text for part in ("Zoë", STRANGER, "Factuur 12", "RF18539007547034"))
    assert desk.client.balance(STRANGER) == 10_000_00 - 1999


def test_who_has_not_got_so_much_sees_it_go_back_the_next_day(desk: Desk) -> None:
    desk.order("open", iban=iban(1), name="Alice", balance=1000)
    desk.collect(COFFEE)
    desk.end_of(MONDAY + timedelta(days=1))
    assert desk.stated() == [("E1", 1012, None), ("E1", -1012, "AM04")]
    assert desk.client.balance(iban(1)) == 1000


def test_of_two_collections_only_what_is_too_much_goes_back(desk: Desk) -> None:
    desk.order("open", iban=iban(1), name="Alice", balance=1500)
    desk.collect(COFFEE, Asked(id="E3", amount=1012))
    desk.end_of(MONDAY + timedelta(days=2))
    assert desk.stated() == [("E1", 2024, None), ("E1", -1012, "AM04")]
    assert desk.client.balance(iban(1)) == 488


def test_an_order_may_mean_payouts_only(desk: Desk) -> None:
    desk.order("reject", kind="payout")
    desk.collect(COFFEE)
    assert desk.status()["status"] == "ACCP"
    desk.pay(BREAD)
    assert desk.status()["status"] == "RJCT"


def test_a_file_goes_out_twice_under_two_names(desk: Desk) -> None:
    desk.order("duplicate_file", file="camt.053")
    desk.collect(COFFEE)
    desk.end_of(date(2026, 2, 28))
    first, second, third = desk.client.statements()
    assert first.read_bytes() == second.read_bytes()
    assert third.read_bytes() != first.read_bytes()
    assert len(desk.client.answers("pain.002")) == 1


def test_a_file_breaks_off_and_comes_again_whole(desk: Desk) -> None:
    desk.order("truncate_file", file="camt.053", minutes=90)
    desk.collect(COFFEE)
    desk.end_of(date(2026, 2, 27))
    (broken,) = desk.client.statements()
    desk.go_to(date(2026, 2, 28), 2)
    _, whole = desk.client.statements()
    assert whole.read_bytes().startswith(broken.read_bytes())
    assert len(broken.read_bytes()) < len(whole.read_bytes())
    assert lines(reports([whole])) == []


def test_a_file_is_late(desk: Desk) -> None:
    desk.order("delay_file", file="pain.002", minutes=120)
    desk.collect(COFFEE)
    assert desk.client.answers() == []
    desk.go_to(date(2026, 2, 27), 14)
    assert desk.status()["status"] == "ACCP"


def test_a_file_goes_out_after_its_successor(desk: Desk) -> None:
    desk.order("reorder_files", file="camt.053")
    desk.collect(COFFEE)
    desk.end_of(date(2026, 2, 27))
    assert desk.client.statements() == []
    desk.end_of(date(2026, 2, 28))
    (second,) = desk.client.statements()
    desk.go_to(date(2026, 3, 1), 1)
    numbers = [each.electronic_seq_nb for each in reports(desk.client.statements())]
    assert numbers == ["1", "2"]
    assert reports([second])[0].electronic_seq_nb == "2"


@pytest.mark.parametrize(
    "order",
    [
        {"do": "dance"},
        {"do": "return", "code": "XX99"},
        {"do": "return", "colour": "red"},
        {"do": "return", "amount": "1012"},
        {"do": "return", "next": 0},
        {"do": "refund", "after_days": 57},
        {"do": "false_reject", "code": "AC04"},
        {"do": "reject", "kind": "gift"},
        {"do": "mangle", "how": "burn"},
        {"do": "booking", "booked_as": "twice"},
        {"do": "delay_file", "minutes": -1},
        {"do": "pay_in", "to": HOUSE, "iban": STRANGER, "name": "Zoë"},
        {"do": "pay_in", "to": HOUSE, "iban": "NL00RABO0000000001", "amount": 1},
        {"do": "open", "name": "Zoë"},
        {"do": "open", "iban": STRANGER, "balance": 10**30},
        {"do": "pay_in", "to": HOUSE, "iban": STRANGER, "amount": 1, "text": "x" * 141},
    ],
)
def test_an_order_that_makes_no_sense_is_kept_with_the_reason(
    desk: Desk, order: dict[str, str | int]
) -> None:
    do = str(order.pop("do"))
    path = desk.client.order(do, **order)
    desk.bank.step(desk.now)
    assert list(desk.client.refused_orders()) == [path.name]
    assert not path.exists()
    desk.collect(COFFEE)
    assert desk.status()["status"] == "ACCP"
    desk.end_of(MONDAY + timedelta(days=3))
    assert desk.stated() == [("E1", 1012, None)]


def test_an_order_that_is_no_json_is_refused(desk: Desk) -> None:
    (desk.client.folder / "orders" / "scrawl.json").write_text("{")
    desk.bank.step(desk.now)
    assert "no JSON" in desk.client.refused_orders()["scrawl.json"]


def test_every_kind_of_order_on_transactions_is_known_to_these_tests() -> None:
    tested = {
        "reject", "return", "refund", "delay", "silence", "false_reject", "mangle", "booking",
    }  # fmt: skip
    assert set(TRANSACTIONS) == tested
