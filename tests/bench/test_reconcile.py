"""The bench of reconciliation, in small: it knows the truth, and sees what is not done."""

import json
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from bench import dirt, reconcile
from payments.matching import rules
from payments.references import normalised, words

ENTRIES = 400


@pytest.fixture
def blocker(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        # Nobody else closes what no test's transaction opened; the database would stay in use.
        connection.close()


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def test_the_same_cases_are_made_each_time_with_a_truth_for_each_line() -> None:
    first = list(dirt.cases(1_000))
    assert first == list(dirt.cases(1_000))
    assert sum(len(case.lines) for case in first) == 1_000
    assert all(len(case.lines) == len(case.truth) for case in first)
    expected = [one for case in first for one in case.expected]
    assert len({one.end_to_end_id for one in expected}) == len(expected)


def test_no_misread_reference_is_one_of_ours() -> None:
    ours = {one.reference for case in dirt.cases(5_000) for one in case.expected}
    assert not {dirt.misread(reference) for reference in ours} & ours


@pytest.mark.parametrize("number", range(len(dirt.MANGLINGS)))
def test_a_mangled_reference_can_still_be_found(number: int) -> None:
    reference = "OK-2026-000012319"
    digits = "".join(mark for mark in normalised(reference) if mark in "123456789")
    assert digits in {found for found, _word in words(dirt.MANGLINGS[number](reference))}


@pytest.mark.long
@pytest.mark.usefixtures("blocker")
def test_a_dirty_statement_is_reconciled_and_compared_with_the_truth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("bench", "reconcile", f"--entries={ENTRIES}")

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["entries"] == ENTRIES
    assert figures["verified"] is True
    assert (figures["auto_matched"], figures["wrong"]) == (1.0, 0)
    assert 0.8 * ENTRIES < figures["matchable"] < ENTRIES
    assert figures["seconds"] > 0
    assert figures["peak_mb"] > 0
    assert "ok_bench_reconcile" not in databases()


@pytest.mark.long
@pytest.mark.usefixtures("blocker")
def test_a_rule_that_is_switched_off_and_one_that_guesses_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guessing = rules.BY_AMOUNT_AND_IBAN.replace("choices = 1 AND rivals = 1", "choices < 3")
    monkeypatch.setattr(rules, "RULES", (rules.FIT, rules.PARTS, guessing))

    figures = reconcile.bench_reconcile(entries=ENTRIES, say=print)

    assert figures["auto_matched"] < 0.999
    assert figures["wrong"] > 0
