"""Runs the bank: ``python -m demo.bank --folder DIR [--shared DIR] [--port PORT] …``."""

import argparse
import signal
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

from demo.bank.bank import Bank, BankBusy, Terms
from demo.bank.clock import Clock
from demo.bank.counter import Counter
from demo.bank.exchange import exchange
from demo.bank.server import served

POLL_SECONDS = 0.2


def main(arguments: list[str] | None = None) -> int:
    """Step the bank until somebody ends it."""
    parser = argparse.ArgumentParser(prog="python -m demo.bank", description="The sandbox bank.")
    parser.add_argument("--folder", type=Path, required=True, help="where it lives")
    parser.add_argument(
        "--shared", type=Path, help="OK's accounts (one), with which files are exchanged as by SFTP"
    )
    parser.add_argument("--port", type=int, help="where it answers on 127.0.0.1, if anywhere")
    parser.add_argument("--clock-file", type=Path, help="holds the moment, else the real time")
    parser.add_argument(
        "--balance", type=int, default=Terms().balance, help="what new customers have, in cents"
    )
    parser.add_argument("--seed", type=int, default=Terms().seed, help="repeats its chances")
    given = parser.parse_args(arguments)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    try:
        bank = Bank(given.folder, terms=Terms(balance=given.balance, seed=given.seed))
    except BankBusy as error:
        sys.stderr.write(f"{error}\n")
        return 1
    clock = Clock(given.clock_file)
    counter = Counter(bank, clock)
    with served(counter, port=given.port) if given.port else nullcontext():
        while not stopping.is_set():
            with counter.turn:
                done = bank.step(clock.now())
            if given.shared is not None:
                done += exchange(given.folder, shared=given.shared)
            if done == 0:
                stopping.wait(POLL_SECONDS)
    bank.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
