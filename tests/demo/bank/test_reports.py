"""What the bank tells of its bookings."""

from datetime import date, timedelta

from tests.demo.bank.conftest import Desk
from tests.demo.bank.files import HOUSE, MONDAY, Asked, balance, iban, lines, reports, signed

COFFEE = Asked(id="E1", amount=1012, text="Coffee & cake")
BREAD = Asked(id="E2", amount=250, iban=iban(2), name="Bob")


def test_a_statement_opens_where_the_last_one_closed(desk: Desk) -> None:
    desk.collect(COFFEE, BREAD)
    desk.pay(Asked(id="P1", amount=700, iban=iban(9)), day=MONDAY + timedelta(days=1))
    desk.end_of(MONDAY + timedelta(days=2))
    statements = reports(desk.client.statements())
    assert [each.electronic_seq_nb for each in statements] == ["1", "2", "3", "4", "5", "6"]
    assert {each.account.iban for each in statements} == {HOUSE}
    assert [balance(each, "CLBD") for each in statements] == [0, 0, 0, 1262, 562, 562]
    opening = 0
    for each in statements:
        assert balance(each, "OPBD") == opening
        opening += sum(map(signed, each.entries))
        assert balance(each, "CLBD") == opening
    assert opening == desk.house


def test_a_batch_is_one_entry_with_its_transactions(desk: Desk) -> None:
    desk.collect(COFFEE, BREAD)
    desk.end_of(MONDAY)
    (entry,) = [each for one in reports(desk.client.statements()) for each in one.entries]
    assert signed(entry) == 1262
    assert [detail.end_to_end_id for detail in entry.details] == ["E1", "E2"]
    assert [detail.counterparty_name for detail in entry.details] == ["Alice", "Bob"]
    text = desk.client.statements()[-1].read_text()
    assert "<PmtInfId>C1-B1</PmtInfId>" in text
    assert "<NbOfTxs>2</NbOfTxs>" in text
    assert "<MndtId>M-E1</MndtId>" in text
    assert "<Ustrd>Coffee &amp; cake</Ustrd>" in text


def test_without_batch_booking_every_transaction_is_an_entry(desk: Desk) -> None:
    desk.collect(COFFEE, BREAD, batch=False)
    desk.end_of(MONDAY)
    assert desk.stated() == [("E1", 1012, None), ("E2", 250, None)]
    text = desk.client.statements()[-1].read_text()
    assert "<Btch>" not in text


def test_each_booking_is_told_soon_and_stated_once(desk: Desk) -> None:
    desk.collect(COFFEE)
    desk.pay(BREAD)
    desk.go_to(MONDAY, 7)
    assert desk.told() == [("E1", 1012, None), ("E2", -250, None)]
    assert desk.stated() == []
    desk.end_of(MONDAY)
    assert sorted(desk.stated()) == sorted(desk.told())
    references = [
        entry.account_servicer_ref
        for kind in ("camt.053", "camt.054")
        for report in reports(desk.client.answers(kind))
        for entry in report.entries
    ]
    assert len(set(references)) == 2
    assert len(references) == 4


def test_days_that_pass_in_one_step_have_a_statement_each(desk: Desk) -> None:
    desk.collect(COFFEE, name="C1")
    desk.collect(BREAD, name="C2", day=date(2026, 3, 5))
    desk.end_of(date(2026, 3, 5))
    per_day = [sum(map(signed, each.entries)) for each in reports(desk.client.statements())]
    assert per_day == [0, 0, 0, 1012, 0, 0, 250]


def test_time_never_runs_back(desk: Desk) -> None:
    desk.collect(COFFEE)
    desk.go_to(MONDAY)
    told = desk.client.answers()
    desk.go_to(date(2026, 2, 20))
    assert desk.client.answers() == told
    desk.pay(BREAD)
    assert lines(reports(desk.client.answers("camt.054")))[-1] == ("E2", -250, None)


def test_a_house_account_opens_with_what_it_was_given(desk: Desk) -> None:
    desk.order("open", iban=HOUSE, name="OK", balance=50_000, house=True)
    desk.end_of(date(2026, 2, 27))
    (statement,) = reports(desk.client.statements())
    assert (balance(statement, "OPBD"), balance(statement, "CLBD")) == (50_000, 50_000)
    assert statement.entries == []
