"""A bank file comes in whole, once, or not at all."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import DatabaseError

from okplatform.kernel.db import call
from okplatform.kernel.models import AuditEntry
from payments.actions import import_statement as action
from payments.bankfiles.lines import (
    BankFileRefused,
    BankLine,
    Read,
    StatementOpened,
)
from payments.models import BankEntry, BankFile, BankStatement
from tests.payments.bank import BOBS, OURS, TODAY, Bank, deliver, entries, line, open_bank
from tests.payments.books import breaches
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Bank:
    return open_bank()


def refused(read: Read, name: str = "bad") -> BankFile:
    """Deliver a file that is refused, and return what is kept of it: nothing else is."""
    before = (BankStatement.objects.count(), BankEntry.objects.count())
    with pytest.raises(BankFileRefused):
        deliver(read, name=name)
    assert (BankStatement.objects.count(), BankEntry.objects.count()) == before
    return BankFile.objects.exclude(refusal="").get()


def test_a_statement_is_kept_as_the_bank_said_it(bank: Bank) -> None:
    said = line(
        1_000,
        "OK-C-1",
        mandate_id="M-1",
        bank_reference="B\t1\\",
        structured="RF18539007547034",
        text="regel een\nregel twee",
        name="A. Jansen",
        iban=BOBS,
        reason="AM04",
        is_reversal=True,
    )
    (kept,) = entries(bank.say(said).statement_ids[0])
    for name in BankLine.__dataclass_fields__:
        if name not in {"entry", "fee"}:  # a fee is in an acquirer's file only
            assert getattr(kept, name) == getattr(said, name)
    statement = BankStatement.objects.get()
    assert (statement.opening, statement.closing, statement.lines) == (0, 1_000, 1)
    assert (statement.first_day, statement.last_day) == (TODAY, TODAY)
    assert (kept.state, kept.mode, kept.house_account_id) == ("queued", "live", bank.account.pk)
    prove("bank_lines_are_accounted_for")


def test_the_same_file_twice_changes_nothing_and_is_not_read(bank: Bank) -> None:
    first = deliver(bank.read(line(1_000), line(5)), name="monday")
    audited = AuditEntry.objects.count()

    unread: Read = (pytest.fail("a file that is in was read again") for _line in range(1))
    again = deliver(unread, name="monday")
    assert (again.file_id, again.statement_ids) == (first.file_id, first.statement_ids)
    assert (first.was_known, again.was_known) == (False, True)
    assert BankEntry.objects.count() == 2
    assert AuditEntry.objects.count() == audited


def test_a_file_may_hold_several_statements(bank: Bank) -> None:
    other = open_bank(iban=BOBS, mode="test")

    def both() -> Read:
        yield from bank.read(line(1_000))
        yield from other.read(line(5), line(6))

    imported = deliver(both(), name="both")
    assert [len(entries(each)) for each in imported.statement_ids] == [1, 2]
    assert set(BankEntry.objects.values_list("mode", "amount")) == {
        ("live", 1_000),
        ("test", 5),
        ("test", 6),
    }


def test_a_bad_last_statement_takes_the_good_first_one_along(bank: Bank) -> None:
    def half() -> Read:
        yield from bank.read(line(1_000))
        yield from bank.read(line(5), total=6)

    assert refused(half()).refusal == "totals_differ"
    assert not BankFile.objects.filter(refusal="").exists()


def test_lines_go_in_by_the_chunk(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "CHUNK_LINES", 2)
    bank.say(*(line(amount) for amount in range(1, 6)))
    assert sorted(BankEntry.objects.values_list("amount", flat=True)) == [1, 2, 3, 4, 5]


def test_what_the_reader_refuses_halfway_is_refused_whole_and_kept_for_inspection(
    bank: Bank,
) -> None:
    def broken() -> Read:
        yield from list(bank.read(line(1_000), line(2_000)))[:2]
        raise BankFileRefused("amount_unreadable", "An amount is “1,2,3”.", line=17)

    kept = refused(broken(), name="camt.xml")
    assert (kept.refusal, kept.line, kept.sentence) == (
        "amount_unreadable",
        17,
        "An amount is “1,2,3”.",
    )
    assert (kept.name, len(bytes(kept.sha256))) == ("camt.xml", 32)
    assert AuditEntry.objects.get(action="bank_file_refused").object_id == str(kept.pk)


def test_a_refusal_is_kept_once_and_a_file_may_come_in_after_it(bank: Bank) -> None:
    stranger = open_bank(iban=BOBS)
    head, *rest = stranger.read(line(5), iban="NL44RABO0123456780")
    assert isinstance(head, StatementOpened)
    for _ in range(2):
        assert refused(iter([head, *rest]), name="early").refusal == "account_unknown"
    assert not deliver(iter([replace(head, iban=BOBS), *rest]), name="early").was_known
    assert BankEntry.objects.get().house_account_id == stranger.account.pk


BAD: dict[str, dict[str, object]] = {
    "account_unknown": {"iban": "NL44RABO0123456780"},
    "balances_do_not_add_up": {"closing": 1_001},
    "balance_missing": {"opening": None},
    "totals_differ": {"lines": 2},
}


@pytest.mark.parametrize("code", BAD)
def test_a_statement_that_is_not_sound_is_refused(bank: Bank, code: str) -> None:
    assert refused(bank.read(line(1_000), **BAD[code])).refusal == code


def cut_off(bank: Bank) -> Iterator[object]:
    yield from list(bank.read(line(1_000)))[:-1]


def begun_again(bank: Bank) -> Iterator[object]:
    yield from cut_off(bank)
    yield from bank.read(line(1_000))


def headless(bank: Bank) -> Iterator[object]:
    yield from list(bank.read(line(1_000)))[1:]


def empty(_bank: Bank) -> Iterator[object]:
    yield from ()


def in_dollars(bank: Bank) -> Iterator[object]:
    yield from bank.read(line(1_000, currency="USD"))


def immense(bank: Bank) -> Iterator[object]:
    yield from bank.read(line(10**15))


def unkeepable(bank: Bank) -> Iterator[object]:
    yield from bank.read(line(1_000, text="nul \0"))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (cut_off, "statement_not_closed"),
        (begun_again, "statement_not_closed"),
        (headless, "line_outside_statement"),
        (empty, "no_statement"),
        (in_dollars, "currency_differs"),
        (immense, "amount_out_of_range"),
        (unkeepable, "cannot_be_kept"),
    ],
)
def test_a_file_that_is_no_row_of_statements_is_refused(
    bank: Bank, file: object, code: str
) -> None:
    assert refused(file(bank)).refusal == code  # type: ignore[operator]


def test_a_statement_that_came_in_another_file_is_refused(bank: Bank) -> None:
    bank.say(line(1_000), number="2026-321")
    assert refused(bank.read(line(1_000), number="2026-321")).refusal == "statement_known"


def test_one_form_is_booked_and_every_other_is_advance_notice(bank: Bank) -> None:
    by_mt940 = open_bank(iban=BOBS, statement_kind="MT940")
    assert entries(bank.say(line(5), kind="camt.052").statement_ids[0])[0].state == "notice"
    assert entries(bank.say(line(5), kind="MT940").statement_ids[0])[0].state == "notice"
    assert entries(by_mt940.say(line(5), kind="MT940").statement_ids[0])[0].state == "queued"
    assert entries(by_mt940.say(line(5)).statement_ids[0])[0].state == "notice"


def test_a_line_of_nothing_books_nothing(bank: Bank) -> None:
    assert entries(bank.say(line(0)).statement_ids[0])[0].state == "notice"


def test_statements_may_come_in_any_order_and_verify_says_which_is_missing(bank: Bank) -> None:
    monday, tuesday = list(bank.read(line(1_000))), list(bank.read(line(500)))
    deliver(iter(tuesday), name="tuesday")
    assert breaches() == {
        "banks_agree_with_the_ledger": [f"{OURS} has no statement that closes at 1000"]
    }
    deliver(iter(monday), name="monday")
    prove()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payments_bank_entry SET amount = 1",
        "DELETE FROM payments_bank_entry",
        "UPDATE payments_bank_statement SET closing = 1",
        "DELETE FROM payments_bank_file",
        "UPDATE payments_house_account SET mode = 'test'",
        "DELETE FROM payments_house_account",
    ],
)
def test_what_the_bank_said_stays_as_it_said_it(bank: Bank, change: str) -> None:
    bank.say(line(1_000))
    with pytest.raises(DatabaseError, match=r"never|keeps its number"):
        call(change)
