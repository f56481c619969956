"""`make run`: everything a newcomer needs to see OK work, until Ctrl-C.

`python -m okplatform.local.run`, after `make setup`. What it reads from the environment or `.env`
stands in docs/settings.md.
"""

import json
import os
import signal
import sys
from collections import deque
from pathlib import Path
from time import monotonic, sleep
from types import FrameType

from okplatform.local.environment import LOCAL, local_environment
from okplatform.local.errors import LocalError
from okplatform.local.greeting import greet
from okplatform.local.port import HOST, free_port
from okplatform.local.prepare import load_demo, prepare
from okplatform.local.seal import kept_seal
from okplatform.local.services import Services
from okplatform.local.stack import Stack

POLL_SECONDS = 0.2
# A program that ends more often than this within a minute is not helped by another start.
RESTARTS_PER_MINUTE = 5
HIGHEST_PORT = 65_535


class Stopped(BaseException):
    """Somebody asked us to stop."""


def main() -> int:
    """Run OK until it is told to stop; return the exit code."""
    began = monotonic()
    _stop_on_signals()
    try:
        with local_environment() as services:
            _run(services, began=began)
    except Stopped:
        print("Stopped.", flush=True)
        return 0
    except LocalError as error:
        print(error, file=sys.stderr, flush=True)
    return 1


def _run(services: Services | None, *, began: float) -> None:
    port = _chosen_port()
    base_url = f"http://localhost:{port}"
    os.environ |= {"DJANGO_SETTINGS_MODULE": "okplatform.settings.local", "BASE_URL": base_url}
    bank = Path(os.environ.setdefault("OK_BANK_FOLDER", str(LOCAL / "bank")))
    bank_port = free_port()
    _meet_the_bank(f"http://{HOST}:{bank_port}")
    stack = Stack(port=port, folder=LOCAL, bank=bank, bank_port=bank_port)
    stack.claim()
    prepare()
    with stack:
        load_demo()  # while the programs start
        stack.wait_until_ready()
        seconds = monotonic() - began
        print(greet(base_url, demo=LOCAL / "demo.json", seconds=seconds), flush=True)
        _watch(stack, services)


def _meet_the_bank(address: str) -> None:
    """Tell OK where the sandbox bank answers, unless it was told of another bank."""
    if not os.environ.get("OK_PIS_URL"):
        os.environ |= {"OK_PIS_URL": address, **kept_seal(LOCAL / "seal.json")}
    os.environ.setdefault("OK_PAYEE_NAMES_URL", f"{address}/vop/v1/payee-verifications")
    attester = {
        "id": "https://attest.zandbank.example",
        "name": "Zandbank",
        "authorize": f"{address}/attest",
        "keys": f"{address}/attest/keys",
    }
    os.environ.setdefault("OK_ATTESTATION_ISSUERS", json.dumps([attester]))


def _chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise LocalError(f"PORT is {text!r}, which is not a port: choose a number like 8000.")
    return int(text)


def _watch(stack: Stack, services: Services | None) -> None:
    """Start again what ends by itself; give up on what ends again and again."""
    restarts: deque[float] = deque(maxlen=RESTARTS_PER_MINUTE)
    while True:
        sleep(POLL_SECONDS)
        if services is not None and services.ensure():
            print("PostgreSQL and Redis had ended; they run again.", flush=True)
        for name in stack.ended():
            said = stack.last_words(name)
            if len(restarts) == RESTARTS_PER_MINUTE and monotonic() - restarts[0] < 60:
                raise LocalError(f"The {name} ended again and again {said}")
            print(f"The {name} ended by itself {said} Starting it again.", flush=True)
            restarts.append(monotonic())
            stack.stop_one(name)
            stack.start_one(name)


def _stop_on_signals() -> None:
    """Turn the first signal into Stopped, and ignore those that come while we clean up."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        numbers.append(signal.SIGHUP)

    def raise_stopped(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in numbers:
        signal.signal(number, raise_stopped)


if __name__ == "__main__":
    sys.exit(main())
