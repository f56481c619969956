"""Entries are filed by the month in which they are written, and there is always room."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError

from okplatform.kernel.db import call
from payments.actions.prepare_ledger import MONTHS_AHEAD, prepare_ledger

pytestmark = pytest.mark.django_db

BOUNDS = """
SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'payments_entry_2040_02'
"""


def test_the_coming_months_are_opened_once() -> None:
    new_year = datetime(2040, 12, 31, 23, 30, tzinfo=UTC)
    assert prepare_ledger(now=new_year) == 1 + MONTHS_AHEAD
    assert prepare_ledger(now=new_year) == 0
    opened = call("SELECT relname FROM pg_class WHERE relname ~ '^payments_entry_204._..$'")
    assert sorted(name for (name,) in opened) == [
        "payments_entry_2040_12",
        "payments_entry_2041_01",
        "payments_entry_2041_02",
        "payments_entry_2041_03",
    ]


def test_a_month_begins_at_midnight_in_utc_wherever_the_server_stands() -> None:
    call("SET LOCAL TIME ZONE 'Pacific/Auckland'")
    assert call("SELECT ledger_open_month('2040-02-29')") == [(True,)]
    call("SET LOCAL TIME ZONE 'UTC'")
    ((bounds,),) = call(BOUNDS)
    assert bounds == ("FOR VALUES FROM ('2040-02-01 00:00:00+00') TO ('2040-03-01 00:00:00+00')")


@pytest.mark.parametrize("change", ["INSERT INTO {} DEFAULT VALUES", "TRUNCATE {}"])
def test_a_new_month_is_guarded(change: str) -> None:
    call("SELECT ledger_open_month('2040-02-01')")
    with pytest.raises(DatabaseError, match=r"own functions only|never changed"):
        call(change.format("payments_entry_2040_02"))
