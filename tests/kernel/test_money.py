"""No cent is made or lost, and an amount reads as the reader's language writes it."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from okplatform.kernel.money import format_money, half_up, split, vat_included

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(total=AMOUNTS, weights=WEIGHTS)
def test_the_parts_of_a_split_add_up_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(split(total, weights)) == total


@given(total=AMOUNTS, weights=WEIGHTS.filter(any))
def test_a_part_is_less_than_a_cent_from_its_exact_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(split(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(total=AMOUNTS, weights=WEIGHTS.filter(any))
def test_a_zero_weight_gets_nothing(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert not any(part for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(total=AMOUNTS, weights=WEIGHTS)
def test_a_negative_total_splits_as_its_opposite(total: int, weights: list[int]) -> None:
    assert split(-total, weights) == [-part for part in split(total, weights)]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),  # a tie goes to the lowest index
        (2, [1, 1, 1], [1, 1, 0]),
        (-10, [1, 1, 1], [-4, -3, -3]),
        (100, [1, 2, 4], [14, 29, 57]),  # the largest remainder first, not the lowest index
        (5, [0, 0], [5, 0]),  # nothing to go by: the first takes all
        (0, [3, 4], [0, 0]),
        (0, [], []),
    ],
)
def test_a_split_by_hand(total: int, weights: list[int], parts: list[int]) -> None:
    assert split(total, weights) == parts


def test_an_amount_is_not_split_over_nothing() -> None:
    with pytest.raises(ValueError, match="cannot be split over nothing"):
        split(1, [])


@given(numerator=AMOUNTS, denominator=st.integers(1, 10**6))
def test_half_a_cent_rounds_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = half_up(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(tenths=AMOUNTS)
def test_half_up_rounds_as_decimal_does(tenths: int) -> None:
    expected = Decimal(tenths).scaleb(-1).quantize(Decimal(1), ROUND_HALF_UP)
    assert half_up(tenths, 10) == expected


@given(gross=AMOUNTS, rate=st.sampled_from([0, 900, 2100]))
def test_the_vat_in_a_price_is_what_the_price_without_it_lacks(gross: int, rate: int) -> None:
    vat = vat_included(gross, rate)
    assert abs(vat - Fraction(gross - vat) * rate / 10_000) <= Fraction(10_000 + rate, 20_000)


@pytest.mark.parametrize(
    ("gross", "rate", "vat"),
    [(1_090, 900, 90), (1_210, 2100, 210), (500, 0, 0), (-1_090, 900, -90)],
)
def test_vat_by_hand(gross: int, rate: int, vat: int) -> None:
    assert vat_included(gross, rate) == vat


@pytest.mark.parametrize("language", ["nl", "en"])
@given(amount=AMOUNTS)
def test_an_amount_reads_as_babel_writes_it(language: str, amount: int) -> None:
    exact = Decimal(amount).scaleb(-2)
    assert format_money(amount, "EUR", language) == format_currency(exact, "EUR", locale=language)


@pytest.mark.parametrize(
    ("amount", "language", "text"),
    [
        (1_840, "nl", "€\N{NO-BREAK SPACE}18,40"),
        (1_840, "en", "€18.40"),
        (-5, "nl", "€\N{NO-BREAK SPACE}-0,05"),
        (123_456_789, "en", "€1,234,567.89"),
    ],
)
def test_amounts_by_hand(amount: int, language: str, text: str) -> None:
    assert format_money(amount, "EUR", language) == text
