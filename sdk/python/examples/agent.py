"""The agent of `till.py`: works it by its keyboard and screen, and pulls its plug.

    python examples/agent.py http://localhost:9000 ok_test_… 9100

The first address is that of the line of `manage.py okcert`, not of OK. A fourth argument is how
many seconds the till is patient, 60 unless told. It says where it listens, and goes on until it is
stopped.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from ok_till.agent import Ended, State, Told, agent_of
from ok_till.till import GIVE_UP_AFTER_SECONDS

VERSION = "0.1.0"
TILL = Path(__file__).with_name("till.py")
EARLIER = "*** An earlier sale, "


class AtTheCounter:
    """Somebody who types on the till and reads what it shows."""

    def __init__(self, line: str, key: str, patience: float) -> None:
        """Start the till."""
        self.command = [sys.executable, "-u", str(TILL), line, key, str(patience)]
        self.patience = patience
        self.till: subprocess.Popen[str]
        self.power_on()

    def state(self) -> State:
        """Say whose software it is; `till.py` waits two fifteenths of its patience."""
        return {
            "software": "OK till.py",
            "version": VERSION,
            "answer_within": self.patience / 7.5,
            "gives_up_after": self.patience,
        }

    def sell(self, lines: list[dict[str, Any]], code: str, otherwise: str | None) -> Told:
        """Type the articles and the code, and do as the till says."""
        for line in lines:
            self._type(f"{line['name']} {line['unit_price'] / 100:.2f}")
        is_sold, message = self._type(f"ok {code}")
        if is_sold:
            return {"goods": True, "paid_by": "ok", "message": message}
        if otherwise is not None:
            is_sold, message = self._type(otherwise)
            if is_sold:
                return {"goods": True, "paid_by": otherwise, "message": message}
        self._type("stop")
        return {"goods": False, "paid_by": None, "message": message}

    def power_off(self) -> None:
        """Pull the plug."""
        self.till.kill()
        self.till.wait()

    def power_on(self) -> list[Ended]:
        """Start it; read what it says until it is ready."""
        self.till = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        ended: list[Ended] = []
        for said in self.till.stdout or ():
            if said.startswith("Ready."):
                break
            if said.startswith(EARLIER):
                _uuid, how, message = said.removeprefix(EARLIER).strip().split(", ", 2)
                ended.append({"paid": how == "paid", "message": message})
        return ended

    def _type(self, what: str) -> tuple[bool, str]:
        """Type a line; return whether the basket is empty now, and what the cashier reads."""
        keyboard, screen = self.till.stdin, self.till.stdout
        message = ""
        try:
            print(what, file=keyboard, flush=True)
        except OSError:
            return False, "The power is off."
        for said in screen or ():
            if said.startswith(("*** ", "!!! ")):
                message = said[4:].strip()
            if " lines, " in said and said.split(" ")[0].isdigit():
                return said.startswith("0 lines"), message
        return False, "The power is off."


def main(line: str, key: str, port: str = "0", patience: str = str(GIVE_UP_AFTER_SECONDS)) -> None:
    """Listen for the robot."""
    counter = AtTheCounter(line, key, float(patience))
    agent = agent_of(counter, int(port))
    print(f"http://127.0.0.1:{agent.server_address[1]}", flush=True)
    try:
        agent.serve_forever()
    finally:
        counter.power_off()


if __name__ == "__main__":
    main(*sys.argv[1:])
