"""The ledger's bench, in small: it measures, folds meanwhile, proves the books, and tidies up."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django import DjangoDbBlocker

from bench import ledger, tpcb
from bench.pgbench import pgbench

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def small(
    monkeypatch: pytest.MonkeyPatch, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    monkeypatch.setattr(tpcb, "SCALE", 1)
    monkeypatch.setattr(ledger, "WARM_UP_SECONDS", 1)
    monkeypatch.setattr(ledger, "TURNS", 1)
    with django_db_blocker.unblock():
        yield
        # Nobody else closes what no test's transaction opened; the database would stay in use.
        connection.close()


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def somebody_writes(*, seconds: int) -> Iterator[None]:
    """Keep a transaction that writes open on this server: nothing younger is folded meanwhile."""
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    with closing(connection.get_new_connection(parameters)) as other:
        with other.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_current_xact_id()")
        ending = Timer(seconds, other.rollback)
        ending.start()
        try:
            yield
        finally:
            ending.cancel()


def test_the_ledger_is_measured_beside_the_yardstick(capsys: pytest.CaptureFixture[str]) -> None:
    with somebody_writes(seconds=60):
        call_command("bench", "ledger", "--seconds=3", "--clients=2")

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["verified"] is True
    assert figures["clients"] == 2
    assert figures["folds"] > 0
    assert figures["ratio"] == pytest.approx(figures["postings_per_s"] / figures["tpcb_tps"], 0.01)
    assert "ok_bench_ledger" not in databases()


def test_a_script_that_fails_fails_the_bench(tmp_path: Path) -> None:
    script = tmp_path / "broken.sql"
    script.write_text("SELECT no_such_function();\n")
    with pytest.raises(CommandError, match="no_such_function"):
        pgbench(connection.settings_dict["NAME"], "-n", "-t", "1", "-f", script)
