"""Killed at any moment, the bank goes on as if nothing had been."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.bank.bank import Bank, BankBusy
from demo.bank.client import Client
from okplatform.local.processes import wait_until
from tests.demo.bank.conftest import FRIDAY_NOON
from tests.demo.bank.files import HOUSE, Asked, collections, iban, payouts

MOMENTS = (
    FRIDAY_NOON,
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 3, 2, 12, tzinfo=UTC),
    datetime(2026, 3, 6, tzinfo=UTC),
)
PATIENCE_SECONDS = 20


def prepared(folder: Path) -> Client:
    """A bank with work for a week: both kinds of file, and every kind of trouble."""
    client = Client(folder)
    orders: tuple[tuple[str, dict[str, str | int | bool]], ...] = (
        ("open", {"iban": HOUSE, "name": "OK", "balance": 10_000, "house": True}),
        ("return", {"end_to_end_id": "E1", "after_days": 1}),
        ("reject", {"end_to_end_id": "E2"}),
        ("mangle", {"end_to_end_id": "E3"}),
        ("duplicate_file", {"file": "camt.054"}),
        ("reorder_files", {"file": "camt.053"}),
        ("pay_in", {"to": HOUSE, "iban": iban(70), "name": "Zoë", "amount": 5}),
    )
    for number, (do, fields) in enumerate(orders):
        client.order(do, **fields).rename(folder / "orders" / f"{number}.json")
    asked = [Asked(id=f"E{each}", amount=100 + each, iban=iban(each)) for each in range(4)]
    client.deliver(collections(asked), name="c.xml")
    client.deliver(payouts([Asked(id="P", amount=90)]), name="p.xml")
    return client


def outcome(client: Client) -> tuple[dict[str, Any], ...]:
    files = {path.name: path.read_bytes() for path in client.answers()}
    return files, client.balances(), client.states()


def test_a_bank_killed_at_every_statement_ends_like_one_that_was_not(tmp_path: Path) -> None:
    unharmed = prepared(tmp_path / "unharmed")
    bank = Bank(unharmed.folder)
    for moment in MOMENTS:
        bank.step(moment)
    bank.close()
    harmed = prepared(tmp_path / "harmed")
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.demo.bank.dying",
            str(harmed.folder),
            *[moment.isoformat() for moment in MOMENTS],
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) > 100
    # Name by name: two folders side by side would fill the screen.
    for mine, theirs in zip(outcome(harmed), outcome(unharmed), strict=True):
        assert sorted(mine) == sorted(theirs)
        assert [name for name in mine if mine[name] != theirs[name]] == []
    assert harmed.total() == 0
    assert harmed.balance(HOUSE) == 10_000 + 100 + 103 - 90 + 5


def test_an_answer_that_was_taken_away_does_not_come_again(tmp_path: Path) -> None:
    client = prepared(tmp_path)
    bank = Bank(tmp_path)
    bank.step(FRIDAY_NOON)
    for path in client.answers():
        path.unlink()
    # As it stands when the bank dies between renaming a file and noting that it did.
    bank.books.change("UPDATE letter SET state = 'staged'")
    bank.step(FRIDAY_NOON)
    assert client.answers() == []
    bank.close()


def test_a_folder_has_one_bank(tmp_path: Path) -> None:
    first = Bank(tmp_path)
    with pytest.raises(BankBusy):
        Bank(tmp_path)
    first.close()
    Bank(tmp_path).close()


def test_the_process_stands_on_its_own_and_follows_its_clock(tmp_path: Path) -> None:
    client = prepared(tmp_path)
    client.set_clock(FRIDAY_NOON)
    process = started(client)
    try:
        assert wait_until(lambda: bool(client.answers("pain.002")), seconds=PATIENCE_SECONDS)
        process.send_signal(signal.SIGKILL)
        process.wait()
        client.set_clock(FRIDAY_NOON + timedelta(days=4))
        process = started(client)
        assert wait_until(lambda: len(client.statements()) == 4, seconds=PATIENCE_SECONDS)
        second = started(client)
        assert second.wait(PATIENCE_SECONDS) == 1
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
    assert client.total() == 0
    assert client.states()["E1"] == "returned"
    assert client.balance(HOUSE) == 10_000 + 100 + 103 - 90 + 5


def started(client: Client) -> subprocess.Popen[bytes]:
    arguments = ["--folder", str(client.folder), "--clock-file", str(client.clock_file)]
    return subprocess.Popen(
        [sys.executable, "-m", "demo.bank", *arguments], stderr=subprocess.DEVNULL
    )


def test_the_bank_shares_no_code_with_ok() -> None:
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, demo.bank.__main__, demo.bank.client\n"
            "print(*{name.partition('.')[0] for name in sys.modules})",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(found.stdout.split())
    ours = {"okplatform", "wallet", "payments", "loyalty", "merchants", "django", "schwifty"}
    assert loaded & ours == set()
    assert "xmlschema" in loaded
