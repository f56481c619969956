"""What the bank answers to the files it gets."""

from datetime import date

import pytest

from tests.demo.bank.conftest import Desk
from tests.demo.bank.files import HOUSE, MONDAY, Asked, collections, iban, payouts

COFFEE = Asked(id="E1", amount=1012)
BREAD = Asked(id="E2", amount=250, iban=iban(2), name="Bob")


def test_a_right_file_is_accepted_transaction_by_transaction(desk: Desk) -> None:
    desk.collect(COFFEE, BREAD)
    assert desk.status() == {
        "message": "C1",
        "kind": "pain.008.001.08",
        "status": "ACCP",
        "code": None,
        "transactions": {"E1": ("ACCP", None), "E2": ("ACCP", None)},
    }
    assert desk.house == 0


def test_a_wrong_account_number_rejects_that_transaction_only(desk: Desk) -> None:
    content = payouts([COFFEE, BREAD]).replace(iban(2).encode(), b"NL00RABO0000000002")
    desk.hand_in(content)
    assert desk.status()["status"] == "PART"
    assert desk.status()["transactions"] == {"E1": ("ACCP", None), "E2": ("RJCT", "AC01")}
    desk.end_of(MONDAY)
    assert desk.house == -1012


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<", "AM18"),
        (b"<CtrlSum>10.12<", b"<CtrlSum>10.13<", "AM10"),
        (b"<MsgId>C1<", b"<MsgId><", "FF01"),
        (b"</Document>", b"", "FF01"),
        (b"pain.008.001.08", b"pain.008.001.02", "FF01"),
        (b'encoding="UTF-8"', b'encoding="klingon"', "FF01"),
        (b"2026-03-02", b"12026-03-02", "FF01"),
        (b"<Document", b'<!DOCTYPE x [<!ENTITY y "z">]><Document', "FF01"),
    ],
)
def test_what_is_wrong_with_a_file_rejects_all_of_it(
    desk: Desk, was: bytes, becomes: bytes, code: str
) -> None:
    content = collections([COFFEE])
    assert was in content
    desk.hand_in(content.replace(was, becomes))
    assert (desk.status()["status"], desk.status()["code"]) == ("RJCT", code)
    assert desk.status()["transactions"] == {}
    desk.end_of(MONDAY)
    assert desk.client.balances() == {}


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        (b'"EUR">10.12<', b'"USD">10.12<', "AM03"),
        (b"10.12<", b"10.123<", "AM12"),
        (b"10.12<", b"0.00<", "AM01"),
        (HOUSE.encode(), b"NL00ABNA0417164300", "AC01"),
        (b"2026-03-02", b"2026-02-26", "DT01"),
        (b"2026-03-02", b"2027-03-02", "DT01"),
    ],
)
def test_what_is_wrong_with_a_transaction_rejects_it(
    desk: Desk, was: bytes, becomes: bytes, code: str
) -> None:
    desk.hand_in(collections([COFFEE]).replace(was, becomes))
    assert desk.status()["status"] == "RJCT"
    assert desk.status()["transactions"] == {"E1": ("RJCT", code)}
    assert desk.client.balances() == {}


def test_a_message_id_is_used_once(desk: Desk) -> None:
    desk.collect(COFFEE)
    desk.hand_in(collections([BREAD]), name="again.xml")
    assert (desk.status()["status"], desk.status()["code"]) == ("RJCT", "DU01")
    desk.end_of(MONDAY)
    assert desk.house == 1012


def test_a_batch_id_is_used_once(desk: Desk) -> None:
    desk.collect(COFFEE)
    again = collections([BREAD]).replace(b"<MsgId>C1<", b"<MsgId>C2<")
    desk.hand_in(again, name="again.xml")
    assert desk.status()["transactions"] == {"E2": ("RJCT", "DU02")}


def test_the_same_file_delivered_again_is_passed_over_in_silence(desk: Desk) -> None:
    content = collections([COFFEE])
    desk.hand_in(content)
    desk.hand_in(content)
    assert len(desk.client.answers("pain.002")) == 1
    desk.end_of(MONDAY)
    assert desk.house == 1012


def test_an_instant_payout_is_there_at_once_in_the_weekend_too(desk: Desk) -> None:
    saturday = date(2026, 2, 28)
    desk.go_to(saturday)
    desk.pay(COFFEE, day=saturday, instant=True)
    assert desk.status()["transactions"] == {"E1": ("ACCC", None)}
    assert desk.told() == [("E1", -1012, None)]
    assert desk.house == -1012


def test_an_ordinary_payout_waits_for_its_day(desk: Desk) -> None:
    desk.pay(COFFEE)
    desk.go_to(date(2026, 3, 1))
    assert desk.house == 0
    desk.go_to(MONDAY)
    assert desk.house == -1012


def test_a_collection_asked_for_too_soon_moves_to_the_next_bank_day(desk: Desk) -> None:
    desk.collect(COFFEE, day=date(2026, 2, 27))
    desk.go_to(date(2026, 3, 1))
    assert desk.house == 0
    desk.go_to(MONDAY)
    assert desk.house == 1012
