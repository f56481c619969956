"""Many at once, each on a connection of its own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

AT_ONCE = 64


def all_at_once(act: Callable[[int], str]) -> Counter[str]:
    """Run ``act`` with 0 to 63 at the same moment; count what each said."""
    ready = Barrier(AT_ONCE)

    def run(number: int) -> str:
        connection.ensure_connection()
        ready.wait(timeout=30)
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(run, range(AT_ONCE)))
