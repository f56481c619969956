"""Whatever happens on whatever days: no cent is made or lost, and statements follow each other."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.bank.bank import Bank
from demo.bank.books import Books
from demo.bank.client import Client
from demo.bank.clock import ZONE, Clock, easter_of, is_working_day
from demo.bank.mangling import MANGLINGS
from demo.bank.orders import REASONS
from demo.bank.values import cents, euros, is_iban
from okplatform.kernel import clock
from tests.demo.bank.conftest import FRIDAY_NOON
from tests.demo.bank.files import HOUSE, Asked, balance, collections, iban, payouts, reports, signed

START = date(2026, 2, 27)

Pairs = list[tuple[int, int]]


class Day(TypedDict):
    """What is handed in on one day: (who, cents), and how."""

    collect: Pairs
    pay: Pairs
    orders: list[dict[str, Any]]
    batch: bool
    instant: bool


codes = st.sampled_from(sorted(REASONS))
orders = st.one_of(
    st.fixed_dictionaries({"do": st.just("reject"), "code": codes, "next": st.integers(1, 3)}),
    st.fixed_dictionaries(
        {
            "do": st.sampled_from(["return", "refund"]),
            "code": codes,
            "after_days": st.integers(0, 5),
        }
    ),
    st.fixed_dictionaries({"do": st.just("delay"), "days": st.integers(0, 3)}),
    st.fixed_dictionaries({"do": st.sampled_from(["silence", "false_reject"])}),
    st.fixed_dictionaries({"do": st.just("mangle"), "how": st.sampled_from(sorted(MANGLINGS))}),
    st.fixed_dictionaries(
        {
            "do": st.just("booking"),
            "booked_as": st.sampled_from(["single", "batch", "bare_batch"]),
            "next": st.integers(1, 4),
        }
    ),
    st.fixed_dictionaries(
        {
            "do": st.just("pay_in"),
            "to": st.just(HOUSE),
            "iban": st.integers(1, 5).map(iban),
            "amount": st.integers(1, 5_000_00),
        }
    ),
)
asked = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5_000_00)), max_size=4)
days = st.lists(
    st.fixed_dictionaries(
        {
            "collect": asked,
            "pay": asked,
            "orders": st.lists(orders, max_size=3),
            "batch": st.booleans(),
            "instant": st.booleans(),
        }
    ),
    min_size=1,
    max_size=6,
)


def wishes(number: int, kind: str, some: Pairs) -> list[Asked]:
    return [
        Asked(id=f"{kind}{number}-{index}", amount=amount, iban=iban(who))
        for index, (who, amount) in enumerate(some)
    ]


@settings(max_examples=15)
@given(days=days)
def test_the_books_add_up_after_any_days(days: list[Day]) -> None:
    with TemporaryDirectory() as folder:
        live_through(days, Path(folder))


def live_through(days: list[Day], folder: Path) -> None:
    bank, client = Bank(folder), Client(folder)
    for number, plan in enumerate(days):
        today = START + timedelta(days=number)
        for order in plan["orders"]:
            client.order(**order)
        for kind, some in (("C", plan["collect"]), ("P", plan["pay"])):
            if some:
                client.deliver(
                    content(kind, number, wishes(number, kind, some), plan, today),
                    name=f"{kind}{number}.xml",
                )
        bank.step(datetime.combine(today, time(12), ZONE))
        require_sound(bank, client)
    bank.step(FRIDAY_NOON + timedelta(days=20))
    require_sound(bank, client)
    assert client.refused_orders() == {}
    if client.statements():
        require_told(client)
    bank.close()


def content(kind: str, number: int, some: list[Asked], plan: Day, day: date) -> bytes:
    name, is_batch = f"{kind}{number}", plan["batch"]
    if kind == "C":
        return collections(some, name=name, day=day, batch=is_batch)
    return payouts(some, name=name, day=day, batch=is_batch, instant=plan["instant"])


def require_sound(bank: Bank, client: Client) -> None:
    """Every booking sums to zero, and so do all accounts together."""
    sums = Counter[int]()
    for row in bank.books.rows("SELECT booking, amount FROM entry"):
        sums[row["booking"]] += row["amount"]
    assert set(sums.values()) <= {0}
    assert client.total() == 0


def require_told(client: Client) -> None:
    """Statements follow each other, notifications tell the same, both end at the bank's balance."""
    statements = reports(client.statements())
    standing = 0
    for number, statement in enumerate(statements, 1):
        assert statement.electronic_seq_nb == str(number)
        assert balance(statement, "OPBD") == standing
        standing += sum(map(signed, statement.entries))
        assert balance(statement, "CLBD") == standing
    told = [entry for one in reports(client.answers("camt.054")) for entry in one.entries]
    assert standing == sum(map(signed, told)) == client.balance(HOUSE)


def test_a_booking_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    books = Books(tmp_path / "books", opening_balance=0)
    books.open_account(iban(1), "Alice", at=FRIDAY_NOON)
    with pytest.raises(ValueError, match="sum to zero"), books.transaction():
        books.book([(iban(1), 5)], at=FRIDAY_NOON)
    assert books.rows("SELECT * FROM entry") == []
    books.connection.close()


@given(amount=st.integers(0, 10**15 - 1))
def test_an_amount_is_read_as_it_is_written(amount: int) -> None:
    assert cents(euros(amount)) == amount


@pytest.mark.parametrize("text", ["", "1,50", "-1.00", "1.005", "1.", ".5", "1e2", "٣.00", " 1.00"])
def test_what_is_no_amount_is_not_read(text: str) -> None:
    assert cents(text) is None


def test_an_iban_has_check_digits() -> None:
    assert is_iban("NL91ABNA0417164300")
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("NL91ABNA0417164301")
    assert not is_iban("nl91abna0417164300")
    assert not is_iban("")


def test_the_clock_is_the_wall_s_until_a_file_says_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    before, now, after = clock.now(), Clock(file).now(), clock.now()
    assert before <= now <= after
    Client(tmp_path, clock_file=file).set_clock(FRIDAY_NOON)
    assert Clock(file).now() == FRIDAY_NOON
    file.write_text("2026-02-27T12:00:00")
    with pytest.raises(ValueError, match="offset"):
        Clock(file).now()


def test_target_is_closed_on_its_six_days_and_in_weekends() -> None:
    assert [easter_of(year) for year in (2024, 2025, 2026)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5),
    ]  # fmt: skip
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    closed = [day for day in year if day.weekday() < 5 and not is_working_day(day)]
    assert closed == [
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 12, 25),
    ]  # fmt: skip
    assert not is_working_day(date(2026, 2, 28))
