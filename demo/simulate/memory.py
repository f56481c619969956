"""What the tills were told of each sale. Whatever comes later must agree with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from demo.simulate.breaches import Breach
from demo.simulate.cast import Shopper, Till
from demo.simulate.front_door import Answer

HAPPENED, DID_NOT_HAPPEN, STILL_OPEN = "happened", "did_not_happen", "still_open"
OK = 200


@dataclass(slots=True)
class Ticket:
    """One sale as its till knows it; ``payer`` is who shows a code for it.

    ``verdict`` is None while the till has had no answer, or none since it last sent something.
    ``paid_with_ok`` (cents) and ``points`` are what a sale that happened was said to come to.
    """

    uuid: UUID
    till: Till
    body: Mapping[str, Any]
    payer: Shopper | None = None
    verdict: str | None = None
    is_given_up: bool = False
    paid_with_ok: int = 0
    points: int = 0


@dataclass(slots=True)
class Memory:
    """Every ticket by its UUID, and those that this step was about."""

    tickets: dict[UUID, Ticket] = field(default_factory=dict)
    touched: dict[UUID, Ticket] = field(default_factory=dict)

    def open_ticket(
        self, uuid: UUID, till: Till, body: Mapping[str, Any], payer: Shopper | None
    ) -> Ticket:
        """Remember a sale before it is sent, as a till does."""
        ticket = self.tickets[uuid] = Ticket(uuid, till, body, payer)
        return ticket

    def sent(self, ticket: Ticket) -> None:
        """Remember that something is on its way: until it is answered nobody knows."""
        self.touched[ticket.uuid] = ticket
        if ticket.verdict != HAPPENED and not ticket.is_given_up:
            ticket.verdict = None

    def heard(self, ticket: Ticket, answer: Answer) -> None:
        """Remember an answer; raises ``Breach`` when it takes back what was said before.

        A refusal that says it happened does not say what it came to: the till still has to ask.
        """
        self.touched[ticket.uuid] = ticket
        verdict = answer.body.get("verdict")
        if verdict is None:
            return
        before = ticket.verdict
        if (before == HAPPENED or ticket.is_given_up) and verdict != before:
            message = f"Sale {ticket.uuid} was told {before}, and now {verdict} ({answer})."
            raise Breach(message)
        if verdict != HAPPENED:
            ticket.verdict = verdict
        elif answer.status == OK:
            ticket.verdict = verdict
            self._agree(ticket, before, answer.body)

    @staticmethod
    def _agree(ticket: Ticket, before: str | None, sale: Mapping[str, Any]) -> None:
        paid = sum(tender["amount"] for tender in sale["tenders"] if tender["kind"] == "ok")
        told = (paid, sale["points_earned"])
        if before == HAPPENED and told != (ticket.paid_with_ok, ticket.points):
            message = f"Sale {ticket.uuid} came to {told}, and to something else before."
            raise Breach(message)
        ticket.paid_with_ok, ticket.points = told

    def unanswered(self) -> Iterator[Ticket]:
        """Yield the tickets of which a till still has to ask."""
        return (ticket for ticket in self.tickets.values() if ticket.verdict is None)
