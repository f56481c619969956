"""`manage.py` on a machine where nothing runs and nothing is set."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from okplatform.local.environment import LOCAL, ROOT
from okplatform.local.keys import SECRETS
from okplatform.local.services import Services

SET_BY_THE_TESTS = {
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "DATABASE_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "ALLOWED_HOSTS",
}


@pytest.fixture(autouse=True)
def one_at_a_time() -> Iterator[None]:
    """Keep the processes of pytest-xdist apart: there is one `.local` for all of them."""
    with (LOCAL / "test" / "manage.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def manage(*words: str) -> subprocess.CompletedProcess[str]:
    bare = {
        name: value
        for name, value in os.environ.items()
        if name not in SET_BY_THE_TESTS | set(SECRETS)
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_starts_the_services_it_needs_and_leaves_them_as_it_found_them() -> None:
    if Services(LOCAL).status is not None:
        pytest.skip("OK runs on this machine already")
    done = manage("dbshell", "--", "--tuples-only", "--command=SELECT 6 * 7")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["42"]
    assert Services(LOCAL).status is None


def test_a_command_joins_services_that_run_and_leaves_them_running() -> None:
    with Services(LOCAL):
        before = Services(LOCAL).status
        done = manage("dbshell", "--", "--tuples-only", "--command=SELECT 6 * 7")
        assert done.stdout.split() == ["42"]
        assert Services(LOCAL).status == before


@pytest.mark.timeout(300)
def test_a_command_that_needs_tables_makes_them() -> None:
    done = manage("verify")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith('{"ok": true')


def test_the_deployment_check_needs_no_environment_either() -> None:
    done = manage("check", "--deploy", "--fail-level=WARNING")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (0 silenced).\n"
