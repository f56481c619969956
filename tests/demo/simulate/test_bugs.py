"""The simulation finds what it is there to find: seventeen bugs, planted one at a time."""

from collections.abc import Callable

import pytest

from demo.simulate.simulation import simulate
from tests.demo.simulate.bugs import BUGS, Patch

SEED, DAYS = 1, 12
WITHIN_STEPS = 1_600

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize(
    ("plant", "says"), BUGS.items(), ids=lambda it: getattr(it, "__name__", "")
)
@pytest.mark.usefixtures("empty")
def test_a_planted_bug_is_found(
    plant: Callable[[Patch], None], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)

    result = simulate(seed=SEED, days=DAYS)

    assert not result.ok
    assert says in result.broken
    assert result.steps <= WITHIN_STEPS


def test_there_are_seventeen() -> None:
    assert len(BUGS) == 17
