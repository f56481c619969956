"""What the daemon of the embedded services says about itself, kept in the file it locks."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Status:
    """Process ids once everything answers, or the sentence why it never will."""

    pid: int
    postgres_pid: int = 0
    redis_pid: int = 0
    error: str = ""

    @property
    def is_current(self) -> bool:
        """Whether the daemon that wrote this lives and has its services ready."""
        return not self.error and Path(f"/proc/{self.pid}").exists()

    def write(self, file: int) -> None:
        """Replace the text of the open `file`."""
        text = json.dumps(asdict(self)).encode()
        os.pwrite(file, text, 0)
        os.ftruncate(file, len(text))

    @classmethod
    def read(cls, file: int) -> Self | None:
        """Return what the open `file` says; None while nothing, or half of it, stands there."""
        try:
            return cls(**json.loads(os.pread(file, 65_536, 0)))
        except ValueError:
            return None
