"""Where the embedded services keep their files, and the addresses that follow from it.

Everything is derived from one base folder, so that two folders never meet: `.local` for `make run`,
`.local/test` for the tests, a temporary folder for a test that kills things.
"""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from okplatform.local.errors import LocalError

DATABASE = "ok"
SUPERUSER = "postgres"

# Who runs PostgreSQL for root where user namespaces are forbidden: see identity.py.
NOBODY = 65534

# The kernel takes 107 bytes for the name of a Unix socket. PostgreSQL refuses a longer one; Redis
# silently cuts it off and listens somewhere else.
LONGEST_SOCKET_NAME = 107
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses in the forms Django, redis-py and Celery read."""

    database_url: str
    redis_url: str
    broker_url: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one set of services under `base`; `base` is absolute."""

    base: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.base / "postgres"

    @property
    def postgres_log(self) -> Path:
        """What PostgreSQL writes to its standard error."""
        return self.base / "postgres.log"

    @property
    def redis_log(self) -> Path:
        """What Redis logs."""
        return self.base / "redis.log"

    @property
    def daemon_log(self) -> Path:
        """What the daemon that owns the services writes, tracebacks included."""
        return self.base / "services.log"

    @property
    def lock(self) -> Path:
        """Held exclusively by the daemon for as long as it lives; its text is a Status."""
        return self.base / "services.lock"

    @property
    def users(self) -> Path:
        """Held shared by everybody who uses the services; the kernel lets go when a user dies."""
        return self.base / "services.users"

    @property
    def sockets(self) -> Path:
        """The folder of the Unix sockets: in `base`, or in /tmp where that name is too long."""
        near = self.base / "run"
        if len(os.fsencode(near / POSTGRES_SOCKET)) <= LONGEST_SOCKET_NAME:
            return near
        name = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"ok-{os.geteuid()}-{name}"

    @property
    def urls(self) -> Urls:
        """The addresses of the services, whether they run or not."""
        redis = quote(str(self.sockets / REDIS_SOCKET))
        host = quote(str(self.sockets))
        return Urls(
            database_url=f"postgres:///{DATABASE}?user={SUPERUSER}&host={host}",
            redis_url=f"unix://{redis}",
            broker_url=f"redis+socket://{redis}",
        )

    def make_folders(self) -> None:
        """Create the folders; that of the sockets is ours alone, for its servers trust anybody."""
        try:
            self.base.mkdir(parents=True, exist_ok=True)
            self.sockets.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise LocalError(f"{self.base} cannot be created: {error.strerror}.") from error
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), NOBODY):
            raise LocalError(f"{self.sockets} belongs to somebody else: remove it and start again.")
