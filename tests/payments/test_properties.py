"""Whatever is booked in whatever order: the ledger and a dictionary agree."""

from collections import Counter
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okplatform.kernel.db import savepoint, transaction
from okplatform.kernel.modes import Mode
from payments.chart import (
    EUR,
    MEMBER_POINTS,
    MERCHANT_PAYABLE,
    PROGRAMME_POINTS,
    SHOPPER_RECEIVABLE,
)
from payments.ledger import AccountRef, BalanceTooLow, UnbalancedError, post
from tests.payments.books import breaches, held
from tests.support.world import NOW

pytestmark = pytest.mark.django_db

POINTS = "points:3"
ACCOUNTS = (
    AccountRef(MEMBER_POINTS.kind, 1, POINTS),
    AccountRef(MEMBER_POINTS.kind, 2, POINTS),
    AccountRef(PROGRAMME_POINTS.kind, 3, POINTS),
    AccountRef(SHOPPER_RECEIVABLE.kind, 4, EUR),
    AccountRef(SHOPPER_RECEIVABLE.kind, 5, EUR),
    AccountRef(MERCHANT_PAYABLE.kind, 6, EUR),
)
FLOORS = {ACCOUNTS[0]: 0, ACCOUNTS[1]: 0}

Lines = list[tuple[AccountRef, int]]
amounts = st.integers(-50, 50).filter(bool)
lines = st.lists(st.tuples(st.sampled_from(ACCOUNTS), amounts), min_size=1, max_size=5)


def closed(some: Lines) -> Lines:
    """Add the lines that make every asset sum to zero."""
    rest = Counter[str]()
    for ref, amount in some:
        rest[ref.asset] -= amount
    return some + [
        (next(ref for ref in ACCOUNTS[2:] if ref.asset == asset), amount)
        for asset, amount in rest.items()
        if amount
    ]


def is_balanced(some: Lines) -> bool:
    sums = Counter[str]()
    for ref, amount in some:
        sums[ref.asset] += amount
    return not any(sums.values())


def after(books: Counter[AccountRef], some: Lines) -> Counter[AccountRef] | None:
    """Return the books with these lines in them; None where a floor forbids it."""
    new, change = Counter(books), Counter[AccountRef]()
    for ref, amount in some:
        new[ref] += amount
        change[ref] += amount
    below = (change[ref] < 0 and new[ref] < floor for ref, floor in FLOORS.items())
    return None if any(below) else new


class RolledBackError(Exception):
    """Each example leaves the ledger as it found it."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.one_of(lines, lines.map(closed)), max_size=8))
def test_the_ledger_agrees_with_a_dictionary(days: list[Lines]) -> None:
    with pytest.raises(RolledBackError):
        live_through(days)


def live_through(days: list[Lines]) -> None:
    books: Counter[AccountRef] = Counter()
    with transaction():
        for number, some in enumerate(days):
            books = booked(books, some, reference=str(number))
            assert all(held(ref) == books[ref] for ref in ACCOUNTS)
        assert breaches() == {}
        raise RolledBackError


def booked(books: Counter[AccountRef], some: Lines, *, reference: str) -> Counter[AccountRef]:
    """Book what the dictionary allows, and see the rest refused."""
    expected = after(books, some)
    refusal: type[Exception] | None = None
    if not is_balanced(some):
        refusal = UnbalancedError
    elif expected is None:
        refusal = BalanceTooLow
    expectation = nullcontext() if refusal is None else pytest.raises(refusal)
    with expectation, savepoint():
        post(kind="any", reference=reference, mode=Mode.LIVE, entries=some, now=NOW)
    return books if refusal is not None or expected is None else expected
