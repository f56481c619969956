"""PostgreSQL and Redis as children of this process.

The daemon owns one pair on behalf of everybody; a test that kills things takes a pair of its own:

    with Servers(tmp_path) as servers:
        servers.stop_postgres_immediately()
        servers.start_postgres()
        servers.empty_redis()
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from okplatform.local.layout import Layout, Urls
from okplatform.local.postgres import Postgres
from okplatform.local.redis_server import Redis


class Servers:
    """One PostgreSQL and one Redis with their files under `base`; use from the main thread only."""

    def __init__(self, base: Path, *, durable: bool = True) -> None:
        self._layout = Layout(base.resolve())
        self._postgres = Postgres(self._layout, durable=durable)
        self._redis = Redis(self._layout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def urls(self) -> Urls:
        """Addresses of both."""
        return self._layout.urls

    @property
    def postgres_pid(self) -> int:
        """Process id of PostgreSQL's postmaster."""
        return self._postgres.pid

    @property
    def redis_pid(self) -> int:
        """Process id of Redis."""
        return self._redis.pid

    @property
    def are_alive(self) -> bool:
        """Whether both run."""
        return self._postgres.is_alive and self._redis.is_alive

    def start(self) -> None:
        """Start what does not run and wait until both answer; LocalError says why not."""
        self._layout.make_folders()
        try:
            if not self._redis.is_alive:
                self._redis.start()
            if not self._postgres.is_alive:
                self._postgres.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both in order."""
        self._redis.stop()
        self._postgres.stop()

    def start_postgres(self) -> None:
        """Start PostgreSQL alone; it recovers what an immediate stop left unwritten."""
        self._postgres.start()

    def stop_postgres_immediately(self) -> None:
        """Stop PostgreSQL as a crash would."""
        self._postgres.stop_immediately()

    def empty_redis(self) -> None:
        """Make Redis forget everything."""
        self._redis.empty()
