"""A bank's lines find what they came for, by the strongest rule, and never by a guess."""

from typing import Any

import pytest

from okplatform.kernel.db import transaction
from payments.actions.expect import unexpect
from payments.models import (
    BankEntry,
    Expectation,
    ExpectationKind,
    Match,
    Posting,
    Suggestion,
)
from tests.payments.bank import (
    ALICES,
    BOBS,
    TODAY,
    Bank,
    days,
    entries,
    line,
    match,
    open_bank,
    states,
    told,
)
from tests.support.proofs import prove
from tests.support.world import NOW

pytestmark = pytest.mark.django_db

CREDITOR_REFERENCE = "RF18539007547034"


@pytest.fixture
def bank() -> Bank:
    return open_bank()


def state(expectation: Expectation) -> tuple[str, int]:
    expectation.refresh_from_db()
    return expectation.state, expectation.outstanding


def test_a_line_is_matched_by_its_end_to_end_id_booked_and_told(bank: Bank) -> None:
    expected = bank.expect(1_840, "OK-C-1")
    (entry,) = bank.settle(line(1_840, "OK-C-1"))
    assert (entry.state, entry.rule) == ("matched", "end_to_end_id")
    assert state(expected) == ("fulfilled", 0)
    assert Posting.objects.get().reference == str(entry.pk)
    assert (bank.holds("client_money"), bank.holds("collections_in_transit")) == (-1_840, 1_840)
    assert list(told()) == [("fulfilled", expected.subject_id, "")]
    prove("postings_are_whole")


def test_a_payout_leaves_the_account_and_is_no_longer_in_transit(bank: Bank) -> None:
    bank.expect(-5_000, "OK-P-1")
    bank.settle(line(-5_000, "OK-P-1"))
    assert (bank.holds("client_money"), bank.holds("payouts_in_transit")) == (5_000, -5_000)


def test_a_structured_reference_counts_without_its_spaces(bank: Bank) -> None:
    expected = bank.expect(1_000, reference=CREDITOR_REFERENCE)
    found = bank.settle(line(1_000, "NOTPROVIDED", structured="rf18 5390 0754 7034"))
    assert states(found) == [("matched", "structured")]
    assert state(expected) == ("fulfilled", 0)


@pytest.mark.parametrize(
    "text",
    [
        "OK-2026-000123",
        "ok 2026 000123",
        "Ok2026000123",
        "OK-2026-123",
        "OK/2026/00123.",
        "Factuur: OK2026000123 bedankt!",
        "betaling OK-2026-00 0123 van 12-03-2026",
        "12 mei ref.OK-2026-000123",
        "KENMERK OK20260000123",
    ],
)
def test_a_reference_is_found_however_it_was_written(bank: Bank, text: str) -> None:
    expected = bank.expect(1_000, reference="OK-2026-000123")
    bank.expect(1_000, reference="OK-2026-000124")
    found = bank.settle(line(1_000, "NOTPROVIDED", text=text, iban=BOBS))
    assert states(found) == [("matched", "reference")]
    assert state(expected) == ("fulfilled", 0)


@pytest.mark.parametrize(
    "text",
    [
        "OK-2026-0001230",
        "OK-2026-000124",
        "9OK-12026-000123",
        "2026-000123",
        "OK-2026-000132",
        "OX-2026-000123",
        "OK 2026",
        "",
    ],
)
def test_another_reference_is_not_taken_for_it(bank: Bank, text: str) -> None:
    expected = bank.expect(1_000, reference="OK-2026-000123")
    found = bank.settle(line(1_000, text=text, iban=BOBS))
    assert states(found) == [("queued", "unknown")]
    assert state(expected) == ("open", 1_000)
    assert not Posting.objects.exists()


def test_a_short_reference_is_not_looked_for_in_texts(bank: Bank) -> None:
    bank.expect(1_000, reference="A-12")
    assert states(bank.settle(line(1_000, text="A-12", iban=BOBS))) == [("queued", "unknown")]


def test_a_line_that_names_nothing_is_matched_by_amount_and_iban_in_time(bank: Bank) -> None:
    expected = bank.expect(1_000)
    found = bank.settle(line(1_000, text="bedankt", iban=ALICES, booked_on=TODAY + days(7)))
    assert states(found) == [("matched", "amount_and_iban")]
    assert state(expected) == ("fulfilled", 0)


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        ({"booked_on": TODAY + days(8)}, "ambiguous"),
        ({"booked_on": TODAY - days(8)}, "ambiguous"),
        ({"iban": BOBS}, "unknown"),
        ({"iban": ""}, "unknown"),
    ],
)
def test_outside_the_window_or_from_another_it_is_not(
    bank: Bank, said: dict[str, Any], doubt: str
) -> None:
    bank.expect(1_000)
    found = bank.settle(line(1_000, **{"iban": ALICES, **said}))
    assert states(found) == [("queued", doubt)]


def test_two_that_may_be_meant_are_left_to_a_person_with_both_suggested(bank: Bank) -> None:
    first, second = bank.expect(1_000), bank.expect(1_000)
    (entry,) = found = bank.settle(line(1_000, iban=ALICES))
    assert states(found) == [("queued", "ambiguous")]
    suggested = Suggestion.objects.filter(entry=entry).order_by("rank")
    assert [each.expectation_id for each in suggested] == [first.pk, second.pk]


def test_two_lines_for_one_that_is_not_named_are_left_to_a_person(bank: Bank) -> None:
    bank.expect(1_000)
    found = bank.settle(line(1_000, iban=ALICES), line(1_000, iban=ALICES))
    assert states(found) == [("queued", "ambiguous")] * 2


def test_one_reference_of_two_expectations_goes_to_the_one_that_is_still_open(bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1", reference=CREDITOR_REFERENCE)
    bank.settle(line(1_000, "OK-C-1"))
    again = bank.expect(1_000, "OK-C-2", reference=CREDITOR_REFERENCE)
    assert states(bank.settle(line(1_000, structured=CREDITOR_REFERENCE))) == [
        ("matched", "structured")
    ]
    assert state(again) == ("fulfilled", 0)


def test_one_reference_of_two_open_expectations_is_ambiguous(bank: Bank) -> None:
    bank.expect(1_000, reference=CREDITOR_REFERENCE)
    bank.expect(1_000, reference=CREDITOR_REFERENCE)
    found = bank.settle(line(1_000, structured=CREDITOR_REFERENCE))
    assert states(found) == [("queued", "ambiguous")]


def test_a_wrong_amount_waits_with_its_suggestion(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    (entry,) = found = bank.settle(line(999, "OK-C-1"))
    assert states(found) == [("queued", "amount_differs")]
    assert Suggestion.objects.get(entry=entry).expectation_id == expected.pk
    assert state(expected) == ("open", 1_000)


def test_what_is_named_never_falls_through_to_a_weaker_rule(bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1")
    other = bank.expect(999, "OK-C-2")
    found = bank.settle(line(999, "OK-C-1", iban=ALICES))
    assert states(found) == [("queued", "amount_differs")]
    assert state(other) == ("open", 999)


def test_a_double_waits_also_when_it_came_in_the_same_statement(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    bank.expect(1_000, "OK-C-2")
    found = bank.settle(line(1_000, "OK-C-1"), line(1_000, "OK-C-1", iban=ALICES))
    assert states(found) == [("matched", "end_to_end_id"), ("queued", "came_before")]
    assert states(bank.settle(line(1_000, "OK-C-1"))) == [("queued", "came_before")]
    assert Match.objects.get().expectation_id == expected.pk


def test_parts_that_together_are_the_whole_are_matched(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1", reference=CREDITOR_REFERENCE)
    found = bank.settle(line(600, "OK-C-1"), line(400, structured=CREDITOR_REFERENCE))
    assert states(found) == [("matched", "end_to_end_id"), ("matched", "structured")]
    assert state(expected) == ("fulfilled", 0)
    assert list(told()) == [("fulfilled", expected.subject_id, "")]


def test_parts_that_are_not_the_whole_wait(bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1")
    found = bank.settle(line(600, "OK-C-1"), line(300, "OK-C-1"))
    assert states(found) == [("queued", "amount_differs")] * 2


def test_one_line_fulfils_a_whole_batch(bank: Bank) -> None:
    batch = [bank.expect(amount, batch_id="B-1") for amount in (100, 200, 300)]
    (entry,) = bank.settle(line(600, batch_id="B-1", batch_size=3))
    assert (entry.state, entry.rule) == ("split", "batch")
    assert [state(each) for each in batch] == [("fulfilled", 0)] * 3
    assert bank.holds("client_money") == -600
    assert Posting.objects.count() == 1
    assert len(list(told())) == 3


@pytest.mark.parametrize(("amount", "size"), [(599, 3), (600, 2), (300, 1)])
def test_a_batch_that_does_not_fit_waits(bank: Bank, amount: int, size: int) -> None:
    batch = [bank.expect(each, batch_id="B-1") for each in (100, 200, 300)]
    (entry,) = found = bank.settle(line(amount, batch_id="B-1", batch_size=size))
    assert states(found) == [("queued", "amount_differs")]
    assert {state(each)[0] for each in batch} == {"open"}
    assert Suggestion.objects.filter(entry=entry).count() == 3


def test_what_was_cancelled_is_not_in_the_batch_any_more(bank: Bank) -> None:
    rejected = bank.expect(100, batch_id="B-1")
    kept = bank.expect(200, batch_id="B-1")
    with transaction():
        assert unexpect(kind=ExpectationKind.COLLECTION, subject_id=rejected.subject_id, now=NOW)
    assert states(bank.settle(line(200, batch_id="B-1"))) == [("matched", "batch")]
    assert state(kept) == ("fulfilled", 0)
    assert state(rejected) == ("cancelled", 100)


def test_a_return_undoes_what_came_with_the_banks_reason(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    bank.settle(line(1_000, "OK-C-1"))
    found = bank.settle(line(-1_000, "OK-C-1", reason="AM04"))
    assert states(found) == [("matched", "end_to_end_id")]
    expected.refresh_from_db()
    assert (expected.state, expected.reason) == ("returned", "AM04")
    assert (bank.holds("client_money"), bank.holds("collections_in_transit")) == (0, 0)
    assert list(told()) == [
        ("fulfilled", expected.subject_id, ""),
        ("returned", expected.subject_id, "AM04"),
    ]


def test_a_return_in_the_same_statement_is_told_after_what_it_undoes(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    bank.settle(line(-1_000, "OK-C-1", reason="AM04"), line(1_000, "OK-C-1"))
    assert state(expected) == ("returned", 0)
    assert [what for what, _subject, _reason in told()] == ["fulfilled", "returned"]


def test_a_return_may_come_before_what_it_undoes(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    bank.settle(line(-1_000, "OK-C-1", reason="MD01"))
    assert state(expected) == ("returned", 1_000)
    assert states(bank.settle(line(1_000, "OK-C-1"))) == [("matched", "end_to_end_id")]
    assert state(expected) == ("returned", 0)
    assert [what for what, _subject, _reason in told()] == ["returned"]


def test_a_payout_that_comes_back_is_returned(bank: Bank) -> None:
    expected = bank.expect(-1_000, "OK-P-1")
    bank.settle(line(-1_000, "OK-P-1"))
    bank.settle(line(1_000, "OK-P-1", reason="AC04"))
    assert state(expected) == ("returned", 0)
    assert bank.holds("payouts_in_transit") == 0


@pytest.mark.parametrize(
    ("amount", "said", "doubt"),
    [
        (-999, {"reason": "AM04"}, "return_differs"),
        (1_000, {"reason": "AM04"}, "return_differs"),
        (-1_000, {}, "came_before"),
        (-1_000, {"is_reversal": True, "end_to_end_id": "OTHER"}, "return_differs"),
    ],
)
def test_a_return_that_does_not_fit_waits(
    bank: Bank, amount: int, said: dict[str, Any], doubt: str
) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    bank.settle(line(1_000, "OK-C-1"))
    found = bank.settle(line(amount, **{"end_to_end_id": "OK-C-1", **said}))
    assert states(found) == [("queued", doubt)]
    assert state(expected) == ("fulfilled", 0)


def test_a_second_return_waits(bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1")
    back = line(-1_000, "OK-C-1", reason="AM04")
    found = bank.settle(line(1_000, "OK-C-1"), back, back)
    assert states(found)[1:] == [("matched", "end_to_end_id"), ("queued", "return_differs")]


def test_a_line_of_a_cancelled_expectation_waits(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    with transaction():
        unexpect(kind=ExpectationKind.COLLECTION, subject_id=expected.subject_id, now=NOW)
    assert states(bank.settle(line(1_000, "OK-C-1"))) == [("queued", "cancelled")]


def test_another_account_of_ours_is_another_bank(bank: Bank) -> None:
    other = open_bank(iban=BOBS, mode="test")
    bank.expect(1_000, "OK-C-1")
    assert states(other.settle(line(1_000, "OK-C-1"))) == [("queued", "unknown")]


def test_matching_again_books_nothing_twice_and_finds_what_is_expected_since(bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1")
    known, unknown = bank.settle(line(1_000, "OK-C-1"), line(50, "OK-C-2"))
    bank.expect(50, "OK-C-2")
    again = match(known.statement_id)
    assert (again.matched, again.queued) == (1, 0)
    assert states(entries(known.statement_id)) == [("matched", "end_to_end_id")] * 2
    assert Posting.objects.filter(reference=unknown.pk).count() == 1
    assert bank.holds("client_money") == -1_050
    assert not Suggestion.objects.exists()


def test_a_notice_is_never_matched(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    found = bank.settle(line(1_000, "OK-C-1"), kind="camt.054")
    assert states(found) == [("notice", "")]
    assert state(expected) == ("open", 1_000)
    assert not Posting.objects.exists()
    assert states(bank.settle(line(1_000, "OK-C-1"))) == [("matched", "end_to_end_id")]
    assert state(expected) == ("fulfilled", 0)
    assert BankEntry.objects.count() == 2
