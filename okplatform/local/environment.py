"""The environment of OK on one's own machine: `.env`, the machine's secrets, running services.

`python -m okplatform.local.environment <command>` runs a command in it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ

from okplatform.local.errors import LocalError
from okplatform.local.keys import kept_keys
from okplatform.local.services import Services

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"


@contextmanager
def local_environment() -> Iterator[Services | None]:
    """Fill in what the environment does not say; yield the embedded services, held while inside.

    What is set already wins over `.env`, and both win over what we make up. With DATABASE_URL and
    REDIS_URL given nothing is started, and None is yielded. Raises LocalError with one sentence.
    """
    environ.Env.read_env(ROOT / ".env")
    for name, value in kept_keys(LOCAL / "secrets.json").items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    given = {name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    if len(given) == 1:
        raise LocalError(f"{given.pop()} is set alone: set DATABASE_URL and REDIS_URL, or neither.")
    if given:
        yield None
        return
    services = Services(LOCAL)
    with services as urls:
        os.environ["DATABASE_URL"] = urls.database_url
        os.environ["REDIS_URL"] = urls.redis_url
        yield services


if __name__ == "__main__":
    with local_environment() as services:
        if services is None:
            os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 -- what the caller asked for
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
