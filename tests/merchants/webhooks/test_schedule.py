"""Waits grow, are spread, and reach over three days."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from merchants.webhooks.schedule import GIVEN_UP_AFTER, PROBE_EVERY, WAITS, wait

SPREADS = st.floats(min_value=0, max_value=1)


@given(failures=st.integers(min_value=1, max_value=1_000), spread=SPREADS)
def test_a_wait_is_at_most_a_tenth_off(failures: int, spread: float) -> None:
    usual = (*WAITS, PROBE_EVERY)[min(failures - 1, len(WAITS))]
    assert usual * 0.9 <= wait(failures, spread=spread) <= usual * 1.1


@given(spread=SPREADS)
def test_three_days_hold_about_twenty_tries(spread: float) -> None:
    passed, tries = timedelta(), 1
    for failures in range(1, 30):
        passed += wait(failures, spread=spread)
        if passed >= GIVEN_UP_AFTER:
            break
        tries += 1
    assert 18 <= tries <= 24


def test_the_first_tries_come_soon() -> None:
    assert wait(1, spread=0.5) == timedelta(seconds=5)
    assert wait(2, spread=0.5) == timedelta(minutes=5)
