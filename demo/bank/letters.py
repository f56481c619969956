"""Files on their way out: each appears whole, and once, whenever the bank is killed.

A letter is ``made`` in the transaction of the fact it tells. Then its file is written beside
``out/``, noted as ``staged``, renamed into ``out/``, and noted as ``sent``. A staged letter whose
file is gone was renamed already: whoever took it may have removed it since, and gets no second one.
"""

from datetime import datetime, timedelta
from pathlib import Path

from demo.bank.books import Books
from demo.bank.orders import fate_of_file
from demo.bank.values import stored

MINUTE = timedelta(minutes=1)


def put_out(books: Books, kind: str, content: bytes, *, at: datetime) -> None:
    """Make a letter, spoiled as ordered; ``kind`` begins its name ("camt.053")."""
    order = fate_of_file(books, kind)
    match order:
        case {"do": "duplicate_file"}:
            _make(books, kind, content, at=at)
            _make(books, kind, content, at=at)
        case {"do": "truncate_file", "minutes": minutes}:
            _make(books, kind, content[: len(content) // 2], at=at)
            _make(books, kind, content, at=at + minutes * MINUTE)
        case {"do": "delay_file", "minutes": minutes}:
            _make(books, kind, content, at=at + minutes * MINUTE)
        case {"do": "reorder_files"}:
            _make(books, kind, content, at=None)
            return
        case _:
            _make(books, kind, content, at=at)
    # What was held back goes next: a minute later, or both would appear in one breath.
    books.change(
        "UPDATE letter SET due_at = ? WHERE due_at IS NULL AND kind = ?", stored(at + MINUTE), kind
    )


def _make(books: Books, kind: str, content: bytes, *, at: datetime | None) -> None:
    (number,) = books.rows("SELECT coalesce(max(id), 0) + 1 FROM letter")[0]
    books.change(
        "INSERT INTO letter VALUES (?, ?, ?, ?, ?, 'made')",
        number,
        f"{kind}-{number:08d}.xml",
        kind,
        content,
        None if at is None else stored(at),
    )


def send(books: Books, *, beside: Path, out: Path, now: datetime) -> int:
    """Bring out what is due, in the order of time; return how many letters."""
    due = books.rows(
        "SELECT id, name, content, state FROM letter WHERE state <> 'sent' AND due_at <= ?"
        " ORDER BY due_at, id",
        stored(now),
    )
    for row in due:
        draft = beside / row["name"]
        if row["state"] == "made":
            draft.write_bytes(row["content"])
            books.change("UPDATE letter SET state = 'staged' WHERE id = ?", row["id"])
        if draft.exists():
            draft.rename(out / row["name"])
        books.change("UPDATE letter SET state = 'sent' WHERE id = ?", row["id"])
    return len(due)
