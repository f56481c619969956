"""Fees accrue to a hundredth of a cent and become cents once, per line of the invoice."""

from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bookkeeping.decimals import decimal
from payments.bookkeeping.fees import Accrual, FeeKind, Plan, Rate, fee_lines
from payments.bookkeeping.vat import standard
from tests.payments.bookkeeping.samples import HIGH, LOW

PLAN = Plan(
    code="shop",
    monthly=150_000,
    rates={"in_store": Rate(fixed=3_500), "online": Rate(fixed=2_500, percentage_bp=125)},
)

rates = st.builds(Rate, fixed=st.integers(0, 10**6), percentage_bp=st.integers(0, 500))
accruals = st.lists(
    st.builds(
        Accrual,
        kind=st.sampled_from(FeeKind),
        channel=st.sampled_from(["", "in_store", "online"]),
        rate=st.sampled_from([Rate(1), Rate(3_500), Rate(1, 25)]),
        vat=st.sampled_from([HIGH, LOW]),
        amount=st.integers(-(10**7), 10**9),
    ),
    max_size=30,
)


def test_six_payments_of_35_cents_are_210_net_and_4410_vat() -> None:
    some = [PLAN.payment(1840, channel="in_store", vat=HIGH) for _ in range(6)]
    (line,) = fee_lines(some)
    assert (line.count, line.net, line.remainder) == (6, 210, 0)
    assert decimal(line.accrued, places=4) == "2.1000"
    assert decimal(line.vat_accrued, places=4) == "0.4410"


def test_a_percentage_is_asked_of_the_amount_beside_the_fixed_part() -> None:
    # € 0.25 + 1.25 % of € 19.99: 25 cents and 24.9875, to a hundredth of a cent.
    assert PLAN.payment(1999, channel="online", vat=HIGH).amount == 2_500 + 2_499


def test_a_month_costs_what_the_plan_says() -> None:
    (line,) = fee_lines([PLAN.month(HIGH)])
    assert (line.kind, line.net, line.vat_accrued) == (FeeKind.MONTHLY, 1500, 31_500)


def test_a_channel_without_a_price_is_not_free() -> None:
    with pytest.raises(KeyError):
        PLAN.payment(1840, channel="telephone", vat=HIGH)


def test_a_price_is_not_negative() -> None:
    with pytest.raises(ValueError, match="not negative"):
        Rate(fixed=-1)


def test_a_vat_rate_that_changes_within_the_period_makes_two_lines() -> None:
    before, after = standard(date(2012, 9, 30)), standard(date(2012, 10, 1))
    lines = fee_lines(
        [PLAN.payment(100, channel="in_store", vat=vat) for vat in (after, before, after)]
    )
    assert [(line.vat.rate_bp, line.count) for line in lines] == [(1900, 1), (2100, 2)]


@given(rate=rates, amount=st.integers(0, 10**9))
def test_a_fee_is_within_half_a_hundredth_of_its_exact_price(rate: Rate, amount: int) -> None:
    exact = rate.fixed + Fraction(amount * rate.percentage_bp, 100)
    assert abs(rate.on(amount) - exact) <= Fraction(1, 2)


@given(rate=rates, amount=st.integers(1, 10**9))
def test_what_is_given_back_is_what_was_asked(rate: Rate, amount: int) -> None:
    assert rate.on(-amount) == -rate.on(amount)


@given(some=accruals)
def test_nothing_is_lost_between_accruals_and_lines(some: list[Accrual]) -> None:
    lines = fee_lines(some)
    assert sum(line.accrued for line in lines) == sum(accrual.amount for accrual in some)
    assert sum(line.count for line in lines) == len(some)
    assert all(line.net * 100 + line.remainder == line.accrued for line in lines)


@given(some=accruals)
def test_a_line_is_within_half_a_cent_of_its_accruals(some: list[Accrual]) -> None:
    assert all(abs(line.remainder) <= 50 for line in fee_lines(some))


@given(some=accruals, seed=st.integers())
def test_the_order_of_accruals_makes_no_difference(some: list[Accrual], seed: int) -> None:
    shuffled = list(some)
    Random(seed).shuffle(shuffled)
    assert fee_lines(shuffled) == fee_lines(some)
