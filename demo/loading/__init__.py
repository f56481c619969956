"""Bringing the demo world into the database, through the apps' own actions.

Each step finds what is there already and makes only what is missing, so that loading twice is the
same as loading once.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from okplatform.kernel import db


def hurry() -> None:
    """Let this connection commit without waiting for the disk.

    A crash may lose the last moments, which the next load brings back: nobody was told of them.
    """
    db.call("SET synchronous_commit TO off")


@contextmanager
def without_collector() -> Iterator[None]:
    """Spare Python the search for circles among millions of rows, where there are none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
