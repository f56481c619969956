"""`make run` and what it starts, from outside."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from okplatform.local.environment import ROOT
from okplatform.local.errors import LocalError
from okplatform.local.port import Port
from okplatform.local.processes import is_running, wait_until
from okplatform.local.stack import Stack


@pytest.fixture
def taken_port() -> Iterator[int]:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        number: int = server.getsockname()[1]
    return number


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "okplatform.local.run"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sleeper() -> subprocess.Popen[bytes]:
    """Start something that a killed `make run` might have left."""
    command = ["sh", "-c", "sleep 300; true", "okplatform.asgi:application"]
    return subprocess.Popen(command, start_new_session=True)


def test_a_taken_port_is_one_sentence(taken_port: int) -> None:
    done = run(PORT=str(taken_port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Port {taken_port} is taken by another program: "
        f"end that, or choose another port: PORT={taken_port + 1} make run.\n"
    )


def test_a_port_that_is_no_number_is_one_sentence() -> None:
    done = run(PORT="eighty")
    assert done.returncode == 1
    assert done.stderr == "PORT is 'eighty', which is not a port: choose a number like 8000.\n"


def test_half_an_environment_is_one_sentence() -> None:
    done = run(REDIS_URL="")
    assert done.returncode == 1
    assert done.stderr == "DATABASE_URL is set alone: set DATABASE_URL and REDIS_URL, or neither.\n"


def test_a_database_that_cannot_be_reached_is_one_sentence(free_port: int, tmp_path: Path) -> None:
    done = run(PORT=str(free_port), DATABASE_URL=f"postgres:///ok?host={tmp_path}")
    assert done.returncode == 1
    assert done.stderr.startswith("The database of DATABASE_URL cannot be reached: connection to")
    assert done.stderr.count("\n") == 1


def test_a_second_start_on_the_same_port_leaves_the_first_alone(
    tmp_path: Path, free_port: int
) -> None:
    first, second = Port(free_port, folder=tmp_path), Port(free_port, folder=tmp_path)
    first.claim()
    with sleeper() as program:
        first.remember([program.pid])
        with pytest.raises(LocalError, match=f"OK runs already, at http://localhost:{free_port}"):
            second.claim()
        assert program.poll() is None
        program.kill()


def test_a_start_ends_what_a_killed_predecessor_left_and_nothing_else(
    tmp_path: Path, free_port: int
) -> None:
    with sleeper() as left, sleeper() as foreign:
        predecessor = Port(free_port, folder=tmp_path)
        predecessor.claim()
        predecessor.remember([left.pid])
        predecessor.release()  # what the kernel does for a killed process

        Port(free_port, folder=tmp_path).claim()
        assert left.wait(10) == -signal.SIGKILL
        assert foreign.poll() is None
        foreign.kill()


def test_web_worker_and_beat_start_recover_and_leave_nothing(
    tmp_path: Path, free_port: int
) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "okplatform.settings.test"}
    with Stack(port=free_port, folder=tmp_path, environment=environment) as stack:
        stack.wait_until_ready()
        assert stack.ended() == []
        stack.stop_one("web", with_signal=signal.SIGKILL)
        stack.start_one("web")
        stack.wait_until_ready()
        assert set(stack.pids) == {"web", "worker", "webhooks", "beat"}
        pids = stack.pids.values()
        groups = [f"--port={free_port}", f"beat-{free_port}"]
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not any(is_anywhere(word) for word in groups)


def is_anywhere(word: str) -> bool:
    pids = (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))
    return any(is_running(pid, words=["okplatform.", word]) for pid in pids)


def test_a_web_server_that_cannot_start_is_one_sentence(tmp_path: Path, free_port: int) -> None:
    environment = {**os.environ, "WEB_WORKERS": "none"}
    with (
        Stack(port=free_port, folder=tmp_path, environment=environment) as stack,
        pytest.raises(LocalError, match=r"The web server ended \(Error: .*web\.log\)\.$"),
    ):
        stack.wait_until_ready()


def test_every_child_dies_with_its_parent(tmp_path: Path, free_port: int) -> None:
    script = (
        "import sys; from pathlib import Path; from okplatform.local.stack import Stack\n"
        f"stack = Stack(port={free_port}, folder=Path({str(tmp_path)!r})); stack.start()\n"
        "stack.wait_until_ready(); print('ready', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
    assert wait_until(lambda: not is_anywhere(f"--port={free_port}"), seconds=20)
