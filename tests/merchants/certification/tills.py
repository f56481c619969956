"""A till as small as it can be, and others that each do one thing wrong."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from typing_extensions import override

from ok_till import Client, NoAnswerError, RefusedError
from ok_till.agent import Ended, State, Told, agent_of

# Long, for these must not be silent because the machine is busy; only one scenario waits for it.
ANSWER_WITHIN = 3.0
GIVE_UP_AFTER = 1.0
PAUSE = 0.05

Said = tuple[bool, str]
"""Whether it is paid, and what the cashier reads."""


class DarkError(Exception):
    """The power went."""


class SmallTill:
    """Does everything right."""

    def __init__(self, line: str, key: str) -> None:
        self.client = Client(line, key, answer_within=ANSWER_WITHIN)
        self.disk: dict[str, dict[str, Any]] = {}
        self.off = Event()

    def state(self) -> State:
        return {
            "software": type(self).__name__,
            "version": "1",
            "answer_within": ANSWER_WITHIN,
            "gives_up_after": GIVE_UP_AFTER,
        }

    def sell(self, lines: list[dict[str, Any]], code: str, otherwise: str | None) -> Told:
        try:
            return self.serve(lines, code, otherwise)
        except DarkError:
            return {"goods": False, "paid_by": None, "message": "dark"}

    def serve(self, lines: list[dict[str, Any]], code: str, otherwise: str | None) -> Told:
        paid, message = self.pay(self.body(lines, "ok", code))
        if paid or otherwise is None:
            return {"goods": paid, "paid_by": "ok" if paid else None, "message": message}
        paid, message = self.pay(self.body(lines, otherwise, None))
        return {"goods": paid, "paid_by": otherwise if paid else None, "message": message}

    def power_off(self) -> None:
        self.off.set()

    def power_on(self) -> list[Ended]:
        self.off = Event()
        found = [self.settle(uuid, body, giving_up=True) for uuid, body in list(self.disk.items())]
        return [{"paid": paid, "message": message} for paid, message in found]

    def body(self, lines: list[dict[str, Any]], kind: str, code: str | None) -> dict[str, Any]:
        payment = {"tenders": [{"kind": kind}]}
        return {
            "revision": 1,
            "currency": "EUR",
            "code": code,
            "lines": lines,
            "payment": payment,
        }

    def pay(self, body: dict[str, Any]) -> Said:
        uuid = str(uuid4())
        self.disk[uuid] = body
        return self.settle(uuid, body)

    def settle(self, uuid: str, body: dict[str, Any], *, giving_up: bool = False) -> Said:
        method = "DELETE" if giving_up else "PUT"
        end = time.monotonic() + GIVE_UP_AFTER
        while True:
            try:
                said = self.call(method, uuid, body)
            except NoAnswerError:
                giving_up = giving_up or time.monotonic() > end
                method = "DELETE" if giving_up else "GET"
                self.pause()
                continue
            except RefusedError as refused:
                if refused.verdict == "happened" or refused.code == "sale_cancelled":
                    return self.end(uuid, (refused.verdict == "happened", refused.sentence))
                method = self.after(refused, method)
                continue
            if said["verdict"] != "still_open":
                return self.end(uuid, (said["verdict"] == "happened", said["sentence"]))
            method = "DELETE" if giving_up else "GET" if said["confirmation"] else "PUT"
            self.pause()

    def after(self, refused: RefusedError, method: str) -> str:
        is_lost = refused.code == "sale_unknown" and method == "GET"
        return "PUT" if is_lost else "DELETE"

    def call(self, method: str, uuid: str, body: dict[str, Any]) -> Any:
        sent = body if method == "PUT" else None
        said = self.client.call(method, f"/api/v1/sales/{uuid}", sent)
        if self.off.is_set():
            raise DarkError
        return said

    def end(self, uuid: str, said: Said) -> Said:
        self.disk.pop(uuid, None)
        return said

    def pause(self) -> None:
        if self.off.wait(PAUSE):
            raise DarkError


class QuotingTill(SmallTill):
    """Does everything right in two steps: shows the customer the price, then takes the payment."""

    @override
    def pay(self, body: dict[str, Any]) -> Said:
        uuid = str(uuid4())
        try:
            self.call("PUT", uuid, {**body, "payment": None})
        except RefusedError as refused:
            return self.end(uuid, (False, refused.sentence))
        self.disk[uuid] = body
        return self.settle(uuid, body)

    @override
    def call(self, method: str, uuid: str, body: dict[str, Any]) -> Any:
        if method != "PUT" or not body["payment"]:
            return super().call(method, uuid, body)
        asked = {"revision": body["revision"], **body["payment"]}
        said = self.client.call("POST", f"/api/v1/sales/{uuid}/payment", asked)
        if self.off.is_set():
            raise DarkError
        return said


class NewNumberTill(SmallTill):
    """Sends the payment again under another number when it hears nothing."""

    @override
    def settle(self, uuid: str, body: dict[str, Any], *, giving_up: bool = False) -> Said:
        try:
            said = self.call("PUT", uuid, body)
            if said["verdict"] == "still_open":
                return super().settle(uuid, body)
            return self.end(uuid, (said["verdict"] == "happened", said["sentence"]))
        except RefusedError as refused:
            return super().settle(uuid, body, giving_up=refused.code != "sale_closed")
        except NoAnswerError:
            self.pause()
            return super().settle(str(uuid4()), body)


class TrustingTill(SmallTill):
    """Gives the goods when it hears nothing: it will have been paid."""

    @override
    def call(self, method: str, uuid: str, body: dict[str, Any]) -> Any:
        try:
            return super().call(method, uuid, body)
        except NoAnswerError:
            return {"verdict": "happened", "sentence": "No answer. Give the goods."}


class CashTill(SmallTill):
    """Takes silence for a refusal, and cash instead; it tells nobody of the cash."""

    @override
    def serve(self, lines: list[dict[str, Any]], code: str, otherwise: str | None) -> Told:
        try:
            paid, message = self._once(self.body(lines, "ok", code))
        except NoAnswerError:
            paid, message = False, "OK does not work. Take another payment."
        if paid or otherwise is None:
            return {"goods": paid, "paid_by": "ok" if paid else None, "message": message}
        return {"goods": True, "paid_by": otherwise, "message": message}

    def _once(self, body: dict[str, Any]) -> Said:
        uuid = str(uuid4())
        try:
            said = self.call("PUT", uuid, body)
        except RefusedError:
            return self.settle(uuid, body, giving_up=True)
        if said["verdict"] == "still_open":
            return self.settle(uuid, body)
        return said["verdict"] == "happened", said["sentence"]


class ForgetfulTill(SmallTill):
    """Keeps what it has begun in its memory, which the power takes along."""

    @override
    def power_off(self) -> None:
        super().power_off()
        self.disk.clear()


class RewritingTill(SmallTill):
    """Writes the time of sending into what it sends."""

    @override
    def call(self, method: str, uuid: str, body: dict[str, Any]) -> Any:
        return super().call(method, uuid, {**body, "reference": f"T{time.monotonic_ns()}"})


class HastyTill(SmallTill):
    """Takes "still_open" for a yes."""

    @override
    def call(self, method: str, uuid: str, body: dict[str, Any]) -> Any:
        said = super().call(method, uuid, body)
        if said["verdict"] == "still_open":
            return {**said, "verdict": "happened"}
        return said


@contextmanager
def standing(till: SmallTill) -> Iterator[str]:
    """Put an agent at a till; yields its address."""
    agent = agent_of(till)
    at_work = Thread(target=agent.serve_forever)
    at_work.start()
    try:
        yield f"http://127.0.0.1:{agent.server_address[1]}"
    finally:
        agent.shutdown()
        agent.server_close()
        at_work.join()
        till.client.close()
