"""The seeds that every change is put through, and what a simulation promises of itself."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from demo.simulate.faults import KINDS
from demo.simulate.simulation import STEPS_A_DAY, simulate
from okplatform.kernel.databases import own_database

SEEDS, DAYS = range(1, 7), 23
LEAST_STEPS = 20_000

pytestmark = pytest.mark.timeout(900)


def test_the_seeds_take_enough_steps() -> None:
    assert len(SEEDS) * DAYS * STEPS_A_DAY >= LEAST_STEPS


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.usefixtures("empty")
def test_nothing_breaks_and_every_fault_was_met(seed: int) -> None:
    result = simulate(seed=seed, days=DAYS)

    assert result.broken == ""
    assert result.ok
    assert result.steps >= DAYS * STEPS_A_DAY
    assert result.faults.keys() == KINDS.keys()
    assert all(result.faults.values())


@pytest.mark.long
@pytest.mark.usefixtures("empty")
def test_nothing_breaks_in_a_quarter_of_a_year() -> None:
    result = simulate(seed=2040, days=90)

    assert result.broken == ""


def test_the_same_seed_repeats_exactly_and_another_does_not(
    template: str, own_name: str, django_db_blocker: DjangoDbBlocker
) -> None:
    results = []
    for seed in (3, 3, 4):
        with django_db_blocker.unblock(), own_database(own_name, like=template):
            results.append(simulate(seed=seed, days=1))

    first, again, other = results
    assert first == again
    assert first.end != other.end


def test_the_command_says_how_to_repeat_what_broke_and_leaves_nothing_behind(
    django_db_blocker: DjangoDbBlocker, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one day not every fault can be met."""
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), pytest.raises(CommandError, match="--seed 3 --days 1"):
        call_command("simulate", "--seed=3", "--days=1")

    broken, end, last = capsys.readouterr().out.splitlines()
    figures = json.loads(last)
    assert broken.startswith("seed 3 breaks at never met: ")
    assert end.startswith("end ")
    assert list(figures) == ["ok", "seed", "days", "steps", "faults"]
    assert (figures["ok"], figures["seed"], figures["days"]) == (False, 3, 1)
    assert connection.settings_dict["NAME"] == usual


def test_production_is_left_alone(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True

    with pytest.raises(CommandError, match="production"):
        call_command("simulate")
