"""Writing the past: sales by the thousands, with their live figures and receipts."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import islice
from uuid import UUID

from django.db import connection

from merchants.analytics.actions.roll_up import roll_up
from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.actions.bulk import PastSale, copy_sales
from okplatform.trade.models import Sale
from wallet.actions.file_receipts import file_receipts

# One transaction: small enough to show progress and to keep memory flat, large enough for COPY.
CHUNK = 4_000


def known_sales(merchant_id: int) -> set[UUID]:
    """Name the live sales a merchant has, so that loading again adds only what is missing."""
    with merchant_scope(merchant_id):
        return set(Sale.objects.filter(mode=Mode.LIVE).values_list("uuid", flat=True))


def write_past(
    *,
    merchant_id: int,
    sales: Iterable[PastSale],
    now: datetime,
    connections: int = 1,
    on_written: Callable[[int], object] = int,
) -> int:
    """Write sales by the chunk, each in one transaction; return how many.

    With more than one connection PostgreSQL works on the one chunk while the next is made; after
    an interruption the chunks that were written stay. `on_written` hears how many came in.
    """
    write = partial(_write, merchant_id, now)
    if connections == 1:
        written = 0
        for chunk in _chunks(sales):
            written += write(chunk)
            on_written(len(chunk))
        return written
    return _write_in_parallel(partial(_in_thread, write), sales, connections, on_written)


def _write_in_parallel(
    write: Callable[[list[PastSale]], int],
    sales: Iterable[PastSale],
    connections: int,
    on_written: Callable[[int], object],
) -> int:
    written = 0
    pending: deque[Future[int]] = deque()
    with ThreadPoolExecutor(connections) as pool:
        for chunk in _chunks(sales):
            pending.append(pool.submit(write, chunk))
            if len(pending) > connections:
                written += _settle(pending.popleft(), on_written)
        while pending:
            written += _settle(pending.popleft(), on_written)
    return written


def _settle(job: Future[int], on_written: Callable[[int], object]) -> int:
    count = job.result()
    on_written(count)
    return count


def _in_thread(write: Callable[[list[PastSale]], int], chunk: list[PastSale]) -> int:
    try:
        return write(chunk)
    finally:
        connection.close()


def _write(merchant_id: int, now: datetime, chunk: list[PastSale]) -> int:
    with db.transaction():
        ids = copy_sales(merchant_id=merchant_id, mode=Mode.LIVE, sales=chunk, actor=SYSTEM)
        roll_up(sale_ids=ids)
        file_receipts(sale_ids=ids, now=now)
    return len(ids)


def _chunks(sales: Iterable[PastSale]) -> Iterator[list[PastSale]]:
    waiting = iter(sales)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
