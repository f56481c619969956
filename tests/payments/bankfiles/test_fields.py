from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bankfiles import fields
from payments.bankfiles.lines import BankFileRefused

MARKS = st.sampled_from([".", ","])


@given(
    amount=st.integers(0, 10**17 - 1), currency=st.sampled_from(["EUR", "GBP", "ISK"]), mark=MARKS
)
def test_an_amount_that_was_written_is_read_as_it_was(
    amount: int, currency: str, mark: str
) -> None:
    if currency == "ISK":
        amount //= 100
    text = fields.written(amount, currency=currency, mark=mark)  # type: ignore[arg-type]

    read = fields.minor_units(text, currency=currency, line=1, mark=mark)  # type: ignore[arg-type]

    assert read == amount


@given(st.one_of(st.text(max_size=12), st.text("0123456789.,-", max_size=9)))
def test_an_amount_is_read_exactly_or_refused(text: str) -> None:
    whole, _, cents = text.partition(".")
    digits = set(whole + cents) <= set("0123456789")

    if digits and whole and len(cents) <= 5 and not cents[2:].strip("0"):
        amount = fields.minor_units(text, currency="EUR", line=7)
        assert amount == int(whole) * 100 + int(cents[:2].ljust(2, "0"))
    else:
        with pytest.raises(BankFileRefused) as refused:
            fields.minor_units(text, currency="EUR", line=7)
        assert (refused.value.code, refused.value.line) == ("unreadable_amount", 7)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", 0), ("0.01", 1), ("12", 1200), ("12.", 1200), ("12.3", 1230), ("12.34000", 1234)],
)
def test_zeros_that_say_nothing_change_nothing(text: str, amount: int) -> None:
    assert fields.minor_units(text, currency="EUR", line=1) == amount


@pytest.mark.parametrize(
    "text",
    ["", ".", "-1.00", "+1.00", "1,00", "1.001", "1e2", "1 000.00", "1.000.00", "NaN", "٣", "1_0"],
)
def test_what_is_no_amount_is_never_taken_for_one(text: str) -> None:
    with pytest.raises(BankFileRefused, match=r"amount|finer"):
        fields.minor_units(text, currency="EUR", line=1)


def test_a_day_is_the_day_the_bank_wrote() -> None:
    for text in ("2026-01-05", "2026-01-05Z", "2026-01-05+01:00", "2026-01-05T23:59:59+01:00"):
        assert fields.day(text, line=1) == date(2026, 1, 5)


@pytest.mark.parametrize("text", ["", "2026-02-30", "5-1-2026", "2026-01-05 12:00", "20260105"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BankFileRefused) as refused:
        fields.day(text, line=3)

    assert (refused.value.code, refused.value.line) == ("unreadable_date", 3)


def test_a_reference_that_says_there_is_none_is_none() -> None:
    assert fields.reference("NOTPROVIDED") == fields.reference("NONREF") == ""
    assert fields.reference("C-1") == "C-1"
