"""Without consent nothing of a person comes out, wherever a merchant asks; with it, only that."""

from collections.abc import Iterator

import pytest

from okplatform.kernel import clock
from okplatform.kernel.db import call
from okplatform.parties.models import Person
from tests.merchants.members.known import FACTS, allowing, looked, somebody, told
from tests.merchants.members.walk import OPERATIONS, Answer, Shop, operations, walk
from tests.support.accounts import ready
from tests.support.counter import settle_events
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World
from wallet.models import Purpose

pytestmark = pytest.mark.django_db

EVERYTHING = tuple(Purpose.values)
KEPT = """
SELECT string_agg(payload::text, ' ') FROM kernel_event
UNION ALL SELECT string_agg(data::text, ' ') FROM kernel_auditentry
UNION ALL SELECT string_agg(draft::text, ' ') FROM trade_sale
"""


@pytest.fixture
def person() -> Person:
    return somebody()


@pytest.fixture
def shop(world: World, person: Person) -> Shop:
    """The bookshop, where she paid with her phone."""
    account = ready(person, "NL20INGB0001234567")
    return Shop(world, person, Phone.of(person, now=clock.now(), funding_ref=account.pk))


def test_every_operation_of_the_document_is_walked() -> None:
    assert set(OPERATIONS) == set(operations())


@pytest.mark.timeout(300)
def test_without_consent_nothing_comes_out_and_with_all_of_it_everything_and_then_nothing_again(
    shop: Shop, person: Person
) -> None:
    assert _told_by(shop) == set()
    with allowing(person, shop.merchant.pk, *EVERYTHING):
        # The walk is not blind: with the switches on it meets every kind of fact.
        assert _told_by(shop) == {purpose.value for purpose in FACTS}
    before = looked()
    assert _told_by(shop) == set()
    assert looked() == before
    settle_events()
    assert told(" ".join(text or "" for (text,) in call(KEPT))) == set()
    prove()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_each_purpose_tells_its_own_facts_and_no_others(shop: Shop, person: Person) -> None:
    for purpose in EVERYTHING:
        with allowing(person, shop.merchant.pk, purpose):
            expected = {purpose} & {known.value for known in FACTS}
            assert _told_by(shop) == expected, purpose
    prove()


def _told_by(shop: Shop) -> set[str]:
    """Walk, and return the purposes whose facts were met; each must have left its line."""
    met: set[str] = set()
    for answer, lines in _with_lines(shop):
        assert answer.status < 500, answer.asked
        out = told(answer.text)
        assert out <= lines, f"{answer.asked} tells {out - lines} and nobody looked"
        met |= out
    return met


def _with_lines(shop: Shop) -> Iterator[tuple[Answer, set[str]]]:
    """Walk, with the purposes of the lines that each answer left in "who looked"."""
    steps = walk(shop)
    while True:
        before = {purpose: looked(purpose) for purpose in FACTS}
        answer = next(steps, None)
        if answer is None:
            return
        yield answer, {purpose.value for purpose in FACTS if looked(purpose) > before[purpose]}
