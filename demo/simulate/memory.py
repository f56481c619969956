"""What the tills were told of each sale. Whatever comes later must agree with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from demo.simulate.breaches import Breach
from demo.simulate.cast import Shopper, Till
from demo.simulate.front_door import Answer

HAPPENED, DID_NOT_HAPPEN, STILL_OPEN = "happened", "did_not_happen", "still_open"
OK, CREATED = 200, 201


@dataclass(slots=True)
class Back:
    """One refund as the till that asks for it knows it; ``answer`` is None until it is told.

    ``by_ok`` (cents) is the part that goes back by OK, ``points`` are those taken from the member,
    ``owed`` those that had been spent.
    """

    uuid: UUID
    till: Till
    body: Mapping[str, Any]
    answer: Answer | None = None
    amount: int = 0
    by_ok: int = 0
    points: int = 0
    owed: int = 0


@dataclass(slots=True)
class Ticket:
    """One sale as its till knows it; ``payer`` is who shows a code for it.

    ``verdict`` is None while the till has had no answer, or none since it last sent something; of
    a sale that ``is_over`` it stays as it is. ``paid`` and of it ``paid_with_ok`` (cents), and
    ``points``, are what a sale that happened was said to come to; ``backs`` are its refunds.
    """

    uuid: UUID
    till: Till
    body: Mapping[str, Any]
    payer: Shopper | None = None
    verdict: str | None = None
    is_over: bool = False
    paid: int = 0
    paid_with_ok: int = 0
    by_card: int = 0
    closed_on: date | None = None
    points: int = 0
    backs: list[Back] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Return what has not come back of it, in cents."""
        return self.paid - sum(back.amount for back in self.backs)

    @property
    def is_in_doubt(self) -> bool:
        """Say whether nobody knows what has come back of it."""
        return any(back.answer is None for back in self.backs)


@dataclass(slots=True)
class Memory:
    """Every ticket by its UUID, those that this step was about, and the acquirers' lines."""

    tickets: dict[UUID, Ticket] = field(default_factory=dict)
    touched: dict[UUID, Ticket] = field(default_factory=dict)
    card_lines: dict[str, UUID] = field(default_factory=dict)
    """Which sale each line of an acquirer settles, by the line's number."""
    card_files: int = 0

    def open_ticket(
        self, uuid: UUID, till: Till, body: Mapping[str, Any], payer: Shopper | None
    ) -> Ticket:
        """Remember a sale before it is sent, as a till does."""
        ticket = self.tickets[uuid] = Ticket(uuid, till, body, payer)
        return ticket

    def sent(self, ticket: Ticket) -> None:
        """Remember that something is on its way: until it is answered nobody knows."""
        self.touched[ticket.uuid] = ticket
        if ticket.verdict != HAPPENED and not ticket.is_over:
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
        if (before == HAPPENED or ticket.is_over) and verdict != before:
            message = f"Sale {ticket.uuid} was told {before}, and now {verdict} ({answer})."
            raise Breach(message)
        if verdict != HAPPENED:
            ticket.verdict = verdict
            # What was asked for and did not happen is over: nobody pays it any more.
            ticket.is_over = ticket.is_over or (answer.status, verdict) == (OK, DID_NOT_HAPPEN)
        elif answer.status == OK:
            ticket.verdict = verdict
            self._agree(ticket, before, answer.body)

    @staticmethod
    def _agree(ticket: Ticket, before: str | None, sale: Mapping[str, Any]) -> None:
        told = (sale["due"], paid_by(sale, "ok"), sale["points_earned"])
        if before == HAPPENED and told != (ticket.paid, ticket.paid_with_ok, ticket.points):
            message = f"Sale {ticket.uuid} came to {told}, and to something else before."
            raise Breach(message)
        ticket.paid, ticket.paid_with_ok, ticket.points = told
        ticket.by_card = paid_by(sale, "pin")
        ticket.closed_on = datetime.fromisoformat(sale["closed_at"]).date()

    def open_back(self, ticket: Ticket, uuid: UUID, till: Till, body: Mapping[str, Any]) -> Back:
        """Remember a refund before it is asked for, as whoever asks does."""
        back = Back(uuid, till, {"uuid": str(uuid), **body})
        ticket.backs.append(back)
        self.touched[ticket.uuid] = ticket
        return back

    def heard_back(self, ticket: Ticket, back: Back, answer: Answer) -> None:
        """Remember what a refund came to; raises ``Breach`` for another answer, or for too much.

        One that was refused may be asked for again, and come to something then.
        """
        self.touched[ticket.uuid] = ticket
        if back.amount and answer != back.answer:
            message = f"Refund {back.uuid} was told {back.answer}, and now {answer}."
            raise Breach(message)
        back.answer = answer
        if answer.status == CREATED:
            told = answer.body
            back.amount, back.by_ok = told["amount"], paid_by(told, "ok")
            back.owed = told["points_owed"]
            back.points = told["points"] - back.owed
        self._check_points_back(ticket)
        if ticket.left < 0 or sum(one.by_ok for one in ticket.backs) > ticket.paid_with_ok:
            message = f"Of sale {ticket.uuid} {-ticket.left} cents more came back than were paid."
            raise Breach(message)

    @staticmethod
    def _check_points_back(ticket: Ticket) -> None:
        """Hold the points of a sale that is whole again against what it earned.

        Each of its refunds may take one more or less: what is less than a point is in the carry.
        """
        given = [back for back in ticket.backs if back.amount]
        lost = sum(back.points + back.owed for back in given)
        if not ticket.left and abs(ticket.points - lost) > 1 + len(given):
            message = f"All of sale {ticket.uuid}, and {lost} points came back of {ticket.points}."
            raise Breach(message)

    def in_doubt(self) -> Iterator[tuple[Ticket, Back]]:
        """Yield the refunds of which somebody still has to ask."""
        for ticket in self.tickets.values():
            for back in ticket.backs:
                if back.answer is None:
                    yield ticket, back

    def unanswered(self) -> Iterator[Ticket]:
        """Yield the tickets of which a till still has to ask."""
        return (ticket for ticket in self.tickets.values() if ticket.verdict is None)


def paid_by(told: Mapping[str, Any], kind: str) -> int:
    """Return what an answer says was paid, or given back, by a kind of tender (cents)."""
    return sum(tender["amount"] for tender in told["tenders"] if tender["kind"] == kind)
