"""The yardstick: pgbench's TPC-B at scale 50 (PostgreSQL's manual: pgbench, "tpcb-like").

Every budget is a ratio to it, measured in the same run on the same server, so that a figure says
something about OK and not about the machine. The protocol is the simple one and each commit waits
for the disk, for both.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.pgbench import pgbench, rate
from okplatform.kernel.databases import empty_database

DATABASE = "ok_tpcb"
SCALE = 50

Run = Callable[..., float]


@contextmanager
def yardstick() -> Iterator[Run]:
    """Fill a database of TPC-B's own; yield what measures it; drop it in the end.

    What is yielded takes ``clients`` and ``seconds`` and returns transactions per second.
    """
    with empty_database(DATABASE):
        pgbench(DATABASE, "-i", "-q", "-s", str(SCALE))

        def run(*, clients: int, seconds: int) -> float:
            return rate(DATABASE, clients=clients, seconds=seconds)

        yield run
