"""The time is the wall clock's, until a simulation tells another."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from okplatform.kernel import clock

LONG_AGO = datetime(1999, 12, 31, 23, 59, tzinfo=UTC)


def test_everybody_in_the_process_hears_the_time_that_is_told() -> None:
    heard: list[datetime] = []

    with clock.told_by(lambda: LONG_AGO):
        thread = Thread(target=lambda: heard.append(clock.now()))
        thread.start()
        thread.join()
        heard.append(clock.now())

    assert heard == [LONG_AGO, LONG_AGO]


def test_afterwards_the_wall_clock_counts_again_whatever_happened() -> None:
    with pytest.raises(ZeroDivisionError), clock.told_by(lambda: LONG_AGO):
        _ = 1 / 0

    assert clock.now() - LONG_AGO > timedelta(days=365)
