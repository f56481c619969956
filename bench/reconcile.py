"""A dirty statement, imported and matched through the real reader; the truth is known.

The statement is a camt.053 file of its own account; its dirt is ``bench.dirt``. Measured is what a
task does with it: read, import, match, book, tell. Afterwards each match is compared with the
truth, and the books are proved.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.dirt import DAY, cases
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.databases import own_database
from okplatform.kernel.db import call, transaction
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.modes import Mode
from okplatform.trade.copying import copy_rows
from payments.actions.bulk import Expected, expect_many
from payments.actions.import_statement import import_statement
from payments.actions.match_entries import match_entries
from payments.actions.open_house_account import open_house_account
from payments.bankfiles import camt_writing, statements
from payments.bankfiles.lines import BankLine, Read, StatementClosed, StatementOpened
from payments.bankfiles.opening import documents
from payments.chart import EUR
from payments.models import HouseAccount

DATABASE = "ok_bench_reconcile"
OURS = "NL20INGB0001234567"
# Nothing stands behind these expectations: proofs of what pays them would miss it.
PROOFS = {
    "postings_sum_to_zero",
    "postings_are_whole",
    "statements_are_whole",
    "bank_lines_are_accounted_for",
    "banks_agree_with_the_ledger",
    "bank_lines_stand_where_they_belong",
    "expectations_add_up",
}

COMPARE = """
WITH truth AS (
    SELECT entry, array_agg(end_to_end_id ORDER BY end_to_end_id COLLATE "C") AS came_for
    FROM bench_truth GROUP BY entry
), found AS (
    SELECT entry.entry,
        array_agg(expectation.end_to_end_id ORDER BY expectation.end_to_end_id) AS came_for
    FROM payments_match match
    JOIN payments_bank_entry entry ON entry.id = match.entry_id
    JOIN payments_expectation expectation ON expectation.id = match.expectation_id
    GROUP BY entry.entry
)
SELECT count(truth.entry), count(*) FILTER (WHERE truth.came_for = found.came_for::text[]),
    count(*) FILTER (WHERE found.came_for::text[] IS DISTINCT FROM truth.came_for
        AND found.entry IS NOT NULL)
FROM truth FULL JOIN found ON found.entry = truth.entry
"""


def bench_reconcile(*, entries: int, say: Callable[[str], Any]) -> dict[str, Any]:
    """Measure and return the figures; ``say`` is told how far it is."""
    with own_database(DATABASE), TemporaryDirectory() as folder:
        now = clock.now()
        account = open_house_account(
            mode=Mode.LIVE, iban=OURS, holder="OK Client Money", now=now, actor=SYSTEM
        )
        file = Path(folder) / "statement.xml"
        _expect(account, entries, now=now)
        _write(file, entries, now=now)
        say(f"{entries} entries in a camt.053 of {file.stat().st_size / 1e6:.0f} MB")
        run = _reconcile(file, now=now)
        say(f"imported in {run.imported:.1f} s, matched in {run.seconds - run.imported:.1f} s")
        matchable, right, wrong = call(COMPARE)[0]
        verified = _verify(say)
    return {
        "entries": entries,
        "seconds": round(run.seconds, 1),
        "entries_per_s": round(entries / run.seconds, 1),
        "peak_mb": round(run.peak_mb, 1),
        "matchable": matchable,
        "auto_matched": round(right / matchable, 6),
        "wrong": wrong,
        "verified": verified,
    }


def _expect(account: HouseAccount, entries: int, *, now: datetime) -> None:
    """Expect what the cases expect, and keep what is true of their lines."""
    with transaction():
        expect_many(
            mode=account.mode,
            house_account_id=account.pk,
            currency=EUR,
            expected=_expected(entries),
            now=now,
        )
    call("CREATE TABLE bench_truth (entry int, end_to_end_id text)")
    copy_rows("bench_truth", "entry, end_to_end_id", _truth(entries))
    call("ANALYZE")


def _expected(entries: int) -> Iterator[Expected]:
    for case in cases(entries):
        yield from case.expected


def _truth(entries: int) -> Iterator[str]:
    lines = (truth for case in cases(entries) for truth in case.truth)
    for number, came_for in enumerate(lines, start=1):
        for end_to_end_id in came_for or ():
            yield f"{number}\t{end_to_end_id}\n"


def _lines(entries: int) -> Iterator[BankLine]:
    lines = (line for case in cases(entries) for line in case.lines)
    for number, line in enumerate(lines, start=1):
        yield replace(line, entry=number)


def _write(file: Path, entries: int, *, now: datetime) -> None:
    """Write the statement, as a bank would."""
    total = sum(line.amount for line in _lines(entries))
    opened = StatementOpened(
        kind="camt.053",
        message_id="BENCH",
        number="1",
        iban=OURS,
        currency=EUR,
        opening=0,
        first_day=DAY,
        last_day=DAY,
    )
    closed = StatementClosed(lines=entries, total=total, closing=total)
    with file.open("wb") as out:
        for piece in camt_writing.write(opened, _lines(entries), closed, created_at=now):
            out.write(piece)


@dataclass(frozen=True)
class _Run:
    """How long it took in all and to import, and the most memory that this process had."""

    seconds: float
    imported: float
    peak_mb: float


def _reconcile(file: Path, *, now: datetime) -> _Run:
    """Do what a task does with a file."""
    Path("/proc/self/clear_refs").write_text("5")  # Linux: the peak counts from here (man proc)
    started = time.perf_counter()
    imported = import_statement(
        lines=_read(file),
        file_name=file.name,
        file_hash=_digest(file),
        now=now,
        actor=SYSTEM,
    )
    import_took = time.perf_counter() - started
    for statement_id in imported.statement_ids:
        match_entries(statement_id=statement_id, now=now, actor=SYSTEM)
    return _Run(time.perf_counter() - started, import_took, _peak_mb())


def _read(file: Path) -> Read:
    for document in documents(file):
        yield from statements.read(document)


def _digest(file: Path) -> bytes:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _peak_mb() -> float:
    """Return the most memory the process had, all of Python and Django included."""
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in status if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


def _verify(say: Callable[[str], Any]) -> bool:
    proofs = {each.name: each.prove() for each in all_invariants() if each.name in PROOFS}
    for name, proof in proofs.items():
        if proof.breaches:
            say(f"BROKEN {name}: {proof.breaches[:3]}")
    return not any(proof.breaches for proof in proofs.values())
