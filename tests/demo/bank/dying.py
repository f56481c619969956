"""A bank that is killed at every turn.

`python -m tests.demo.bank.dying FOLDER MOMENT...` steps the bank of a folder to each moment in a
child that kills itself at its n-th SQL statement, with n growing, until one lives to the end;
prints how many died.
"""

import os
import signal
import sys
from datetime import datetime
from itertools import count
from pathlib import Path

from demo.bank.bank import Bank
from demo.bank.pain import KINDS, schema_of


def live(folder: Path, moment: datetime, *, statements: int) -> None:
    left = statements

    def die(_statement: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    bank = Bank(folder)
    bank.books.connection.set_trace_callback(die)
    bank.step(moment)
    bank.close()


def deaths(folder: Path, moment: datetime) -> int:
    for died in count():
        child = os.fork()
        if child == 0:
            live(folder, moment, statements=2 + died)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            return died
        if not os.WIFSIGNALED(status):
            sys.exit("The bank did not survive its own death.")
    raise AssertionError


def main(folder: str, *moments: str) -> None:
    for kind in KINDS:
        schema_of(kind)
    found = [deaths(Path(folder), datetime.fromisoformat(moment)) for moment in moments]
    sys.stdout.write(f"{sum(found)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
