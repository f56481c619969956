"""Somebody else who uses the embedded services: a process of its own."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from okplatform.local.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

JOIN_AND_WAIT = """
import sys
from pathlib import Path
from okplatform.local.errors import LocalError
from okplatform.local.services import Services
try:
    with Services(Path(sys.argv[1]), durable=False):
        print("joined", flush=True)
        sys.stdin.readline()
except LocalError as error:
    print(error, flush=True)
"""


@contextmanager
def another_user(
    base: Path,
    *,
    prefix: Sequence[str] = (),
    python: str = sys.executable,
    environment: Mapping[str, str] | None = None,
) -> "Iterator[User]":
    process = subprocess.Popen(
        [*prefix, python, "-c", JOIN_AND_WAIT, str(base)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    with process:
        yield User(process)
        process.kill()


class User:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def hears(self) -> str:
        return _of(self.process.stdout).readline().strip()

    def leaves(self) -> None:
        self.process.communicate("\n", timeout=30)

    def is_killed(self) -> None:
        self.process.kill()
        self.process.wait()


def _of(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
