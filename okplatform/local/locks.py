"""File locks that the kernel frees when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from okplatform.local.errors import LocalError


def open_lock(path: Path) -> int:
    """Open a lock file, making it where it is missing; the number is not inherited by children."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LocalError(f"{path} cannot be opened: {error.strerror}.") from error


@contextmanager
def opened_lock(path: Path) -> Iterator[int]:
    """Keep a lock file open for a moment; whatever was taken through it is free afterwards."""
    file = open_lock(path)
    try:
        yield file
    finally:
        os.close(file)


def take(file: int) -> bool:
    """Take the lock exclusively; false when somebody else holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share_now(file: int) -> bool:
    """Take the lock together with others; false when one holds it exclusively."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(file: int) -> None:
    """Take the lock together with others; waits while one holds it exclusively."""
    fcntl.flock(file, fcntl.LOCK_SH)
