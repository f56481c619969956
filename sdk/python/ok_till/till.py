"""The till loop: write the sale down, send it, on silence ask, send again, at the end give it up.

No step guesses. Goods leave when, and only when, a sale ended with the verdict ``happened``.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast
from uuid import uuid4

from ok_till.client import Client, NoAnswerError, RefusedError
from ok_till.journal import Entry, Journal
from ok_till.models import PaymentBody, SaleAnswer, SaleBody

GIVE_UP_AFTER_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 5.0
PAUSE_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 25

HAPPENED = "happened"
DID_NOT_HAPPEN = "did_not_happen"
STILL_OPEN = "still_open"
# No other refusal ends a sale: where OK does not know it, the original may be on its way.
_CANCELLED = "sale_cancelled"
_UNKNOWN = "sale_unknown"
_WAITING = ("asked", "authorised")

Step = Callable[[Entry], SaleAnswer]


@dataclass(frozen=True)
class Outcome:
    """How a sale ended: ``verdict`` is ``happened`` or ``did_not_happen``.

    ``sentence`` is for the cashier, in the cashier's language; ``answer`` the whole sale, None
    where OK refused it and nothing more is known of it.
    """

    uuid: str
    verdict: str
    sentence: str
    answer: SaleAnswer | None

    @property
    def goods_may_leave(self) -> bool:
        """Say whether it is paid."""
        return self.verdict == HAPPENED


@dataclass(frozen=True)
class Patience:
    """How a till waits, in seconds.

    ``first`` pause after silence, every ``later`` one; after ``give_up`` without an answer the sale
    is stopped rather than sent again.
    """

    first: float = FIRST_PAUSE_SECONDS
    later: float = PAUSE_SECONDS
    give_up: float = GIVE_UP_AFTER_SECONDS


def _say_nothing(_what: str) -> None:
    """Tell nobody."""


class Till:
    """One terminal. Make it at start, call ``recover``, then sell.

    ``tell`` hears what the cashier should see meanwhile, a sentence of OK's or what went wrong on
    the line. A till is not for use from several threads.
    """

    def __init__(
        self,
        client: Client,
        journal: Path | str,
        *,
        patience: Patience | None = None,
        tell: Callable[[str], None] = _say_nothing,
    ) -> None:
        """Open the journal; raises ``JournalInUseError``."""
        self.client = client
        self.journal = Journal(journal)
        self.patience = patience or Patience()
        self.tell = tell

    def close(self) -> None:
        """Let the journal go and hang up."""
        self.journal.close()
        self.client.close()

    def recover(self) -> list[Outcome]:
        """End what an earlier run left without a verdict, and return how each sale ended.

        What was paid stays paid, and the outcome says so; what was not is stopped: its customer has
        left, and a late original must never pay.
        """
        open_entries = self.journal.open()
        for entry in open_entries:
            self.journal.give_up(entry.uuid)
        return [self.settle(replace(entry, giving_up=True)) for entry in open_entries]

    def new_sale(self) -> "OpenSale":
        """Return a sale that nobody knows of yet, under a number of its own."""
        return OpenSale(self, str(uuid4()))

    def sell(self, basket: SaleBody) -> Outcome:
        """Sell in one call; ``basket`` has its ``payment``, its revision is set here.

        Raises ``RefusedError`` where OK refuses it and nothing is paid: the sale has been stopped.
        """
        sale = self.new_sale()
        payment = basket.get("payment")
        if payment is None:
            message = "a sale in one call says how it is paid"
            raise ValueError(message)
        try:
            return sale.pay(payment, basket=basket)
        except RefusedError:
            ended = sale.stop()
            if ended.goods_may_leave:  # what was sent first came late, and was paid
                return ended
            raise

    def send(self, entry: Entry) -> SaleAnswer:
        """Send what was written down, once. Raises ``RefusedError`` and ``NoAnswerError``."""
        return self._sale("PUT", entry, entry.body)

    def settle(self, entry: Entry) -> Outcome:
        """Go on with a sale that was written down, until OK has said how it ended.

        Raises ``RefusedError`` where OK refuses what was sent and the sale is still open.
        """
        pauses = _Pauses(self.patience)
        giving_up = entry.giving_up
        step: Step = self._stop if giving_up else self.send
        while True:
            try:
                said = step(entry)
            except NoAnswerError as silence:
                self.tell(f"no answer: {silence}")
                if pauses.over and not giving_up:
                    giving_up = True
                    self.journal.give_up(entry.uuid)
                pauses.wait(silence.retry_after)
                step = self._stop if giving_up else self._ask
            except RefusedError as refused:
                if refused.code == _CANCELLED:
                    return self._end(entry, DID_NOT_HAPPEN, refused.sentence, None)
                step = self._after(refused, step, giving_up=giving_up)
            else:
                if said["verdict"] != STILL_OPEN:
                    return self._end(entry, said["verdict"], said["sentence"], said)
                self.tell(said["sentence"])
                step = self._next(said, giving_up=giving_up)

    def _next(self, said: SaleAnswer, *, giving_up: bool) -> Step:
        """Choose what to do with a sale that is open: wait for its shopper, pay it, or stop it."""
        if giving_up:
            return self._stop
        confirmation = said["confirmation"]
        if confirmation is not None and confirmation["state"] in _WAITING:
            return self._wait
        return self.send

    def _after(self, refused: RefusedError, step: Step, *, giving_up: bool) -> Step:
        """Choose what follows a refusal that is no verdict; raise it where the caller has to."""
        if refused.verdict == HAPPENED and step != self._ask:
            return self._ask
        if refused.code == _UNKNOWN and step != self._stop:
            return self._stop if giving_up else self.send
        raise refused

    def _end(self, entry: Entry, verdict: str, sentence: str, said: SaleAnswer | None) -> Outcome:
        self.journal.end(entry.uuid, verdict=verdict, sentence=sentence)
        return Outcome(entry.uuid, verdict, sentence, said)

    def _ask(self, entry: Entry) -> SaleAnswer:
        return self._sale("GET", entry)

    def _wait(self, entry: Entry) -> SaleAnswer:
        """Ask in such a way that OK answers when the shopper has; it may answer at once."""
        begun = time.monotonic()
        said = self._sale("GET", entry, wait=LONGEST_WAIT_SECONDS)
        if said["verdict"] == STILL_OPEN and time.monotonic() - begun < 1:
            time.sleep(self.patience.later)
        return said

    def _stop(self, entry: Entry) -> SaleAnswer:
        return self._sale("DELETE", entry)

    def _sale(self, method: str, entry: Entry, body: object = None, *, wait: int = 0) -> SaleAnswer:
        said = self.client.call(method, f"/api/v1/sales/{entry.uuid}", body, wait=wait)
        if not isinstance(said, dict) or said.get("uuid") != entry.uuid:
            message = "an answer about something else"
            raise NoAnswerError(message)
        return cast("SaleAnswer", said)


class _Pauses:
    """The pauses of one loop, and when patience ends."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._next = patience.first
        self._end = time.monotonic() + patience.give_up

    @property
    def over(self) -> bool:
        """Say whether it has lasted too long."""
        return time.monotonic() >= self._end

    def wait(self, asked: float | None) -> None:
        """Wait before the next step; ``asked`` is how long OK wants it, if it says."""
        time.sleep(self._next if asked is None else asked)
        self._next = self._patience.later


class OpenSale:
    """One sale at the counter, from the first article to its verdict."""

    def __init__(self, till: Till, uuid: str) -> None:
        """Know the number; nothing is sent or written yet."""
        self.uuid = uuid
        self._till = till
        self._revision = 0
        self._basket: SaleBody | None = None

    def quote(self, basket: SaleBody) -> SaleAnswer:
        """Ask what the basket costs this customer; again with each change, nothing is paid.

        Raises ``RefusedError``, or ``NoAnswerError`` when the line stays silent.
        """
        entry = self._write(basket, None)
        pauses = _Pauses(self._till.patience)
        while True:
            try:
                said = self._till.send(entry)
            except NoAnswerError as silence:
                self._till.tell(f"no answer: {silence}")
                if pauses.over:
                    raise
                pauses.wait(silence.retry_after)
            else:
                self._basket = cast("SaleBody", {**basket, "code": None})
                return said

    def pay(self, payment: PaymentBody, *, basket: SaleBody | None = None) -> Outcome:
        """Pay what was quoted, or ``basket``, and return how it ended.

        Raises ``RefusedError`` where nothing is paid and the sale is still open: change it and pay
        again, or ``stop``.
        """
        basket = basket or self._basket
        if basket is None:
            message = "nothing was quoted: say what is bought"
            raise ValueError(message)
        return self._till.settle(self._write(basket, payment))

    def stop(self) -> Outcome:
        """Give the sale up; what was paid meanwhile stays paid, and the outcome says so."""
        journal = self._till.journal
        journal.give_up(self.uuid)
        entry = next((each for each in journal.open() if each.uuid == self.uuid), None)
        if entry is None:
            message = "this sale was never sent, or has its verdict"
            raise ValueError(message)
        return self._till.settle(entry)

    def _write(self, basket: SaleBody, payment: PaymentBody | None) -> Entry:
        self._revision += 1
        body = {**basket, "revision": self._revision, "payment": payment}
        return self._till.journal.begin(self.uuid, body, at=time.time())
