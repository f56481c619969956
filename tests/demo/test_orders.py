"""The baskets that a replay sends."""

from itertools import islice
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from demo.orders import orders_of
from demo.world import MERCHANTS, MerchantFacts
from okplatform.kernel import clock


@pytest.mark.parametrize("facts", MERCHANTS, ids=lambda facts: facts.reference)
@pytest.mark.usefixtures("small_sample")
def test_orders_are_the_same_on_every_run_and_never_end(facts: MerchantFacts) -> None:
    now = clock.now()
    first = list(islice(orders_of(facts, now), 600))
    assert first == list(islice(orders_of(facts, now), 600))
    assert {order.tender for order in first} == {"ok", "pin", "cash"}
    assert all(line.quantity > 0 for order in first for line in order.lines)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"run `manage\.py load_demo` first"):
        call_command("replay", file=tmp_path / "missing.json")


def test_a_speed_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="above zero"):
        call_command("replay", file=tmp_path / "missing.json", speed=0.0)
