"""What can go wrong on a newcomer's machine, said in one sentence."""

import shutil
from pathlib import Path

NEEDED_BYTES = 512 * 1024 * 1024


class LocalError(Exception):
    """Something the reader can repair; the message explains it, shown without a traceback."""


def require_disk_space(folder: Path, *, needed: int = NEEDED_BYTES) -> None:
    """Refuse to start on a disk with less than `needed` bytes left for us.

    A database that runs out of space half-way is far harder to understand than this sentence.
    """
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise LocalError(
            f"The disk of {existing} has {free // 2**20} MB left and OK needs "
            f"{needed // 2**20} MB: make room and start again."
        )


def last_words(log: Path, *, marks: tuple[str, ...]) -> str:
    """Return, to end a sentence with, the last line of `log` that holds one of `marks`."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    marked = [line.strip() for line in lines if any(mark in line for mark in marks)]
    return f"({marked[-1] if marked else 'no reason given'}; its log is {log})."
