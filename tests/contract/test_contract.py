"""The document is what the API does: thousands of calls, also by its links, and never a 500."""

import pytest
from pytest_django import Settings

from tests.contract.shop import TestShop
from tests.contract.trying import Tried, try_contract
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Hypothesis warns of a large example, and Schemathesis takes that for a failure of its own.
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]


UNLUCKY = 3
"""So many calls that need an earlier one's outcome may never have met it; all others succeeded."""


@pytest.fixture
def shop(settings: Settings) -> TestShop:
    settings.OK_API_CALLS_PER_MINUTE = 10**9
    return TestShop(World())


def accepted(tried: Tried) -> None:
    """Check that nothing was wrong, and that the run was no row of refusals."""
    told = [f"{' · '.join(key)}\n{said}" for key, said in tried.wrong.items()]
    assert "\n\n".join(tried.errors + told) == ""
    assert not [name for name, status in tried.answers if status >= 500]
    settle_events()
    prove()


@pytest.mark.timeout(300)
def test_two_thousand_calls_follow_the_document(shop: TestShop) -> None:
    tried = try_contract(shop, examples=15)
    accepted(tried)
    assert tried.requests >= 2_000
    assert len(tried.refused()) <= UNLUCKY


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(2, 8))
def test_twenty_thousand_calls_follow_the_document(seed: int, shop: TestShop) -> None:
    tried = try_contract(shop, examples=100, seed=seed)
    accepted(tried)
    assert tried.requests >= 3_500
    assert len(tried.refused()) <= UNLUCKY
