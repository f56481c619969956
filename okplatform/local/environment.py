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
from okplatform.local.keys import SECRETS, kept_keys
from okplatform.local.postgres import binary
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
    given = {name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    if len(given) == 1:
        raise LocalError(f"{given.pop()} is set alone: set DATABASE_URL and REDIS_URL, or neither.")
    if given:
        _fill_in()
        yield None
        return
    services = Services(LOCAL)
    with services as urls:
        os.environ["DATABASE_URL"] = urls.database_url
        os.environ["REDIS_URL"] = urls.redis_url
        # For `manage.py dbshell`, where the machine has no psql of its own.
        os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], str(binary("psql").parent)])
        _fill_in()
        yield services


def _fill_in() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okplatform.settings.local")
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    if any(name not in os.environ for name in SECRETS):
        for name, value in kept_keys(LOCAL / "secrets.json").items():
            os.environ.setdefault(name, value)


if __name__ == "__main__":
    with local_environment() as services:
        if services is None:
            os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 -- what the caller asked for
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
