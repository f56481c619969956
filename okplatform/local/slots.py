"""Small numbers for processes that work side by side and must not share names."""

import os
from pathlib import Path

from okplatform.local.errors import LocalError
from okplatform.local.locks import open_lock, take

SLOTS = 16


def claim_slot(folder: Path) -> int:
    """Return the lowest number nobody holds in `folder`, and hold it until this process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(SLOTS):
        lock = open_lock(folder / f"slot-{slot}.lock")
        if take(lock):
            return slot
        os.close(lock)
    raise LocalError(f"All {SLOTS} slots of {folder} are taken: wait until one is free.")
