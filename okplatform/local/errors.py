"""What can go wrong on a newcomer's machine, said in one sentence."""

import shutil
from pathlib import Path

NEEDED_BYTES = 512 * 1024 * 1024


class LocalError(Exception):
    """Something the reader can repair; the message is the whole explanation, shown without a traceback."""


def require_disk_space(folder: Path, *, needed: int = NEEDED_BYTES) -> None:
    """Refuse to start on a disk with less than `needed` bytes left for us.

    A database that runs out of space half-way is far harder to understand than this sentence.
    """
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise LocalError(
            f"The disk of {existing} has {free // 2**20} MB left and OK needs {needed // 2**20} MB: "
            "make room and start again."
        )


def last_words(log: Path, *, marks: tuple[str, ...]) -> str:
    """Return, for the end of a sentence, the last line of a log that holds one of `marks`, and where the log is."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    said = next(
        (line for line in reversed(lines) if any(mark in line for mark in marks)), "no reason given"
    )
    return f"({said.strip()}; its log is {log})."
