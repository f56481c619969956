"""A bank line that we expect is written with the reason for it, and can be taken back."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from okplatform.kernel.db import TransactionError, call, transaction
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.modes import Mode
from payments.actions.add_bank_account import IbanInvalid
from payments.actions.bulk import Expected, expect_many
from payments.actions.expect import expect, unexpect
from payments.actions.open_house_account import HouseAccountTaken
from payments.models import Account, Expectation, ExpectationKind
from payments.references import MAX_DIGITS, MAX_TEXT, normalised, words
from tests.payments.bank import ALICES, BOBS, TODAY, Bank, line, open_bank
from tests.support.world import NOW

database = pytest.mark.django_db


@pytest.fixture
def bank(db: None) -> Bank:
    return open_bank()


def cancel(subject_id: int) -> bool:
    with transaction():
        return unexpect(kind=ExpectationKind.COLLECTION, subject_id=subject_id, now=NOW)


def test_an_account_of_ours_has_its_place_in_the_ledger(bank: Bank) -> None:
    kinds = Account.objects.filter(owner_type="house_account").values_list("kind", flat=True)
    assert set(kinds) == {
        "bank_payments_in_transit",
        "client_money",
        "collections_in_transit",
        "payouts_in_transit",
        "proof_costs",
        "proofs_in_transit",
        "refunds_in_transit",
        "suspense",
        "invoices_open",
        "fees_earned",
        "fee_rounding",
        "vat_payable",
    }
    assert AuditEntry.objects.get().object_id == str(bank.account.pk)


@database
def test_an_iban_is_ours_once_live_or_test() -> None:
    open_bank()
    with pytest.raises(HouseAccountTaken):
        open_bank(mode=Mode.TEST)
    with pytest.raises(IbanInvalid):
        open_bank(iban="NL20INGB0001234568")
    assert AuditEntry.objects.count() == 1


def test_an_expectation_keeps_its_reference_raw_and_normalised(bank: Bank) -> None:
    expected = bank.expect(1_840, reference="ok-2026/000123")
    assert (expected.reference, expected.normalised_reference) == ("ok-2026/000123", "OK 2026 123")
    assert (expected.state, expected.outstanding) == ("open", 1_840)


def test_expecting_is_part_of_a_larger_action(bank: Bank) -> None:
    with pytest.raises(TransactionError):
        expect(
            mode="live",
            house_account_id=bank.account.pk,
            kind=ExpectationKind.PAYOUT,
            subject_id=1,
            amount=-1,
            currency="EUR",
            end_to_end_id="E",
            reference="",
            iban=ALICES,
            due_on=TODAY,
            now=NOW,
        )
    with pytest.raises(TransactionError):
        unexpect(kind=ExpectationKind.PAYOUT, subject_id=1, now=NOW)


@pytest.mark.parametrize(
    ("other", "constraint"),
    [
        ({"end_to_end_id": "OK-C-1"}, "expectation_by_end_to_end_id"),
        ({"subject_id": 1}, "expectation_is_open_once"),
        ({"amount": 0}, "expectation_is_of_something"),
        ({"mode": "test"}, "expectation_house_account_of_same_mode"),
        ({"house_account_id": 0}, "expectation_house_account_of_same_mode"),
    ],
)
def test_postgresql_refuses_what_cannot_be_expected(
    bank: Bank, other: dict[str, object], constraint: str
) -> None:
    bank.expect(1_000, "OK-C-1")
    facts: dict[str, object] = {"amount": 1_000, **other}
    amount = facts.pop("amount")
    with pytest.raises(IntegrityError, match=constraint):
        bank.expect(amount, **facts)  # type: ignore[arg-type]
    assert Expectation.objects.count() == 1


def test_what_nothing_came_for_can_be_cancelled_once(bank: Bank) -> None:
    expected = bank.expect(1_000)
    assert cancel(expected.subject_id)
    assert not cancel(expected.subject_id)
    assert not cancel(0)
    expected.refresh_from_db()
    assert (expected.state, expected.changed_at) == ("cancelled", NOW)
    bank.expect(1_000, subject_id=expected.subject_id)
    assert cancel(expected.subject_id)


def test_what_came_cannot_be_cancelled(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    bank.settle(line(1_000, "OK-C-1"))
    assert not cancel(expected.subject_id)
    expected.refresh_from_db()
    assert expected.state == "fulfilled"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payments_expectation SET amount = 1",
        "DELETE FROM payments_expectation",
        "UPDATE payments_match SET amount = 1",
        "DELETE FROM payments_match",
        "UPDATE payments_bank_entry SET state = 'queued', rule = ''",
    ],
)
def test_what_was_expected_and_what_came_stays(bank: Bank, change: str) -> None:
    bank.expect(1_000, "OK-C-1")
    bank.settle(line(1_000, "OK-C-1"))
    with pytest.raises(DatabaseError, match=r"never|once|by a decision only"):
        call(change)


def test_a_batch_is_expected_at_once(bank: Bank) -> None:
    batch = [
        Expected(
            kind=ExpectationKind.COLLECTION,
            subject_id=number,
            amount=100 * number,
            end_to_end_id=f"OK-C-{number}",
            reference=f"OK-2026-{number:06}",
            iban=BOBS,
            due_on=date(2026, 11, 20),
            batch_id="B-1",
        )
        for number in (1, 2, 3)
    ]
    with transaction():
        expect_many(
            mode="live",
            house_account_id=bank.account.pk,
            currency="EUR",
            expected=batch,
            now=NOW,
        )
    third = Expectation.objects.get(end_to_end_id="OK-C-3")
    assert (third.amount, third.outstanding, third.state) == (300, 300, "open")
    assert (third.normalised_reference, third.batch_id) == ("OK 2026 3", "B-1")
    one = bank.expect(
        300, "ONE", reference=third.reference, iban=BOBS, batch_id="B-1", subject_id=9
    )
    same = ("mode", "kind", "outstanding", "normalised_reference", "iban", "reason", "expected_at")
    assert [getattr(one, name) for name in same] == [getattr(third, name) for name in same]


@pytest.mark.parametrize(
    ("reference", "form"),
    [
        ("OK-2026-000123", "OK 2026 123"),
        ("ok2026", "OK 2026"),
        ("RF18 5390", "RF 18 5390"),
        ("000", ""),
        ("  -/. ", ""),
        ("A-0-1", "A 1"),
        ("é7", "7"),
    ],
)
def test_a_reference_has_one_form_without_what_people_change(reference: str, form: str) -> None:
    assert normalised(reference) == form


@given(st.text(max_size=60))
def test_normalising_again_changes_nothing(reference: str) -> None:
    assert normalised(normalised(reference)) == normalised(reference)


@given(
    st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=3),
    st.sampled_from(["-", " ", "/", ".", ""]),
    st.integers(min_value=0, max_value=3),
    st.sampled_from(["", "betaling van 12 mei, ", "factuur"]),
)
def test_a_reference_is_among_the_words_however_it_was_separated(
    numbers: list[int], separator: str, zeros: int, before: str
) -> None:
    reference = "OK-" + "-".join(str(number) for number in numbers)
    written = "ok" + separator + separator.join("0" * zeros + str(number) for number in numbers)
    digits = "".join(character for character in reference if character in "123456789")
    assert digits in {found for found, _word in words(f"{before}{written} dank")}


@given(st.text(max_size=2_000))
def test_any_text_has_few_words(text: str) -> None:
    found = list(words(text))
    assert len(found) <= MAX_DIGITS * MAX_TEXT
    assert all(len(digits) <= MAX_DIGITS and len(word) <= MAX_TEXT for digits, word in found)
