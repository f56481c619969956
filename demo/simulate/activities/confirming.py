"""What shoppers say on the phone: no, too late, twice, both at once, or nothing at all."""

from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from demo.phones import Phone
from demo.simulate import counter
from demo.simulate.activities import works
from demo.simulate.breaches import Breach
from demo.simulate.counter import expect
from demo.simulate.memory import DID_NOT_HAPPEN, HAPPENED, STILL_OPEN, Ticket
from demo.simulate.town import Town
from okplatform.kernel import relay
from payments.spending import CONFIRM_ABOVE

TOO_LATE = timedelta(minutes=2)
"""After this nobody waits for a yes any more, nor acts on one."""
FEW_STATEMENTS = 4
"""Where an answer gives way to another one; what is done sooner does not."""


class _Asked(NamedTuple):
    """A sale that waits, and the question that its shopper's phone shows."""

    ticket: Ticket
    phone: Phone
    question: UUID

    def answer(self, town: Town, *, is_yes: bool) -> bool:
        """Answer now; say whether it still counted."""
        return self.phone.answer(self.question, is_yes=is_yes, now=town.now)


def say_no(town: Town) -> None:
    """Say no, and then yes after all: it did not happen, and the cashier asks for cash."""
    asked = _asked(town)
    _say(town, asked, is_yes=False, counts=True)
    _say(town, asked, is_yes=True, counts=False)
    expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    town.faults.meet("said_no")


def never_answer(town: Town) -> None:
    """Leave the phone in the bag until the till asks after the deadline."""
    asked = _asked(town)
    town.now += TOO_LATE
    expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    town.faults.meet("never_answered")


def answer_too_late(town: Town) -> None:
    """Say yes after the deadline, before or after a till or a worker has noticed."""
    asked = _asked(town)
    town.now += TOO_LATE
    noticed = town.chance.pick(["till", "worker", "nobody"])
    if noticed == "till":
        expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    elif noticed == "worker":
        works.expire(town)
    _say(town, asked, is_yes=True, counts=False)
    relay.drain(now=town.now)
    expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    town.faults.meet("yes_too_late")


def act_too_late(town: Town) -> None:
    """Say yes in time, while no worker runs and no till asks: nobody stands there any more."""
    asked = _asked(town)
    _say(town, asked, is_yes=True, counts=True)
    town.now += TOO_LATE
    if town.chance.one_in(2):
        relay.drain(now=town.now)
    expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    town.faults.meet("yes_acted_on_too_late")


def lose_the_verdict(town: Town) -> None:
    """Say yes, and lose what the till is told; it asks again, at once or when it comes to that."""
    asked = _asked(town)
    _say(town, asked, is_yes=True, counts=True)
    town.memory.sent(asked.ticket)
    counter.send(asked.ticket, "GET")
    if town.chance.one_in(2):
        expect(counter.ask(town, asked.ticket), HAPPENED)
    town.faults.meet("verdict_lost")


def tap_twice(town: Town) -> None:
    """Tap twice: the second tap finds the question over, and it is paid once."""
    asked = _asked(town)
    _say(town, asked, is_yes=True, counts=True)
    if town.chance.one_in(2):
        relay.drain(now=town.now)
    _say(town, asked, is_yes=True, counts=False)
    expect(counter.ask(town, asked.ticket), HAPPENED)
    town.faults.meet("yes_twice")


def tap_on_two_phones(town: Town) -> None:
    """Say yes on two phones at the same moment: one counts."""
    asked = _asked(town)
    _answer_at_once(town, asked, "yes_on_two_phones", second=True)
    expect(counter.ask(town, asked.ticket), HAPPENED)


def say_yes_and_no_at_once(town: Town) -> None:
    """Say yes on one phone and no on another at the same moment: one counts, and is followed."""
    asked = _asked(town)
    is_yes = _answer_at_once(town, asked, "yes_and_no_at_once", second=False)
    expect(counter.ask(town, asked.ticket), HAPPENED if is_yes else DID_NOT_HAPPEN)


def lose_the_network(town: Town) -> None:
    """Show a code on a phone without a network: it hears of no question until it is over."""
    asked = _asked(town)
    if town.chance.one_in(2):
        town.now += TOO_LATE
        works.expire(town)
        relay.drain(now=town.now)
        expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    else:
        expect(counter.give_up(town, asked.ticket), DID_NOT_HAPPEN)
    if asked.question in asked.phone.asked(town.now):
        message = f"A phone that is back is asked about sale {asked.ticket.uuid}, which is over."
        raise Breach(message)
    town.faults.meet("phone_without_network")


def answer_what_was_given_up(town: Town) -> None:
    """Say yes when the till has given up, or has given up between the yes and its end."""
    asked = _asked(town)
    is_first = town.chance.one_in(2)
    if is_first:
        _say(town, asked, is_yes=True, counts=True)
    expect(counter.give_up(town, asked.ticket), DID_NOT_HAPPEN)
    if not is_first:
        _say(town, asked, is_yes=True, counts=False)
    relay.drain(now=town.now)
    expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    town.faults.meet("yes_to_what_was_given_up")


def answer_and_give_up_at_once(town: Town) -> None:
    """Say yes while the till gives up: all agree which it was."""
    asked = _asked(town)
    town.memory.sent(asked.ticket)
    does_give_up = partial(counter.send, asked.ticket, "DELETE")
    does_answer = partial(asked.answer, town, is_yes=True)
    at = town.chance.between(1, FEW_STATEMENTS)
    if town.chance.one_in(2):
        is_met = town.meeting.of(does_give_up, does_answer, at=at).at_once
    else:
        is_met = town.meeting.of(does_answer, does_give_up, at=at).at_once
    relay.drain(now=town.now)
    expect(counter.ask(town, asked.ticket), DID_NOT_HAPPEN)
    if is_met:
        town.faults.meet("yes_and_given_up_at_once")


def _asked(town: Town) -> _Asked:
    """Ring up more than a phone lets pass without a yes, and let its shopper be asked."""
    ticket = counter.ring_up(town, tenders=("ok",))
    first, *others = ticket.body["lines"]
    lines = [{**first, "quantity": 1, "unit_price": CONFIRM_ABOVE + 1}, *others]
    ticket.body = {**ticket.body, "lines": lines}
    answer = counter.send_and_hear(town, ticket, "PUT", body=ticket.body)
    expect(answer, STILL_OPEN)
    questions = ticket.payer.phone.asked(town.now) if ticket.payer is not None else []
    if not questions or ticket.payer is None:
        message = f"Sale {ticket.uuid} waits, and nobody is asked ({answer})."
        raise Breach(message)
    return _Asked(ticket, ticket.payer.phone, questions[0])


def _answer_at_once(town: Town, asked: _Asked, kind: str, *, second: bool) -> bool:
    """Answer twice at the same moment, with a yes and ``second``; return the one that counted."""
    is_yes_first = town.chance.one_in(2)
    said = [True, second] if is_yes_first else [second, True]
    one, other = (partial(asked.answer, town, is_yes=is_yes) for is_yes in said)
    met = town.meeting.of(one, other, at=town.chance.between(1, FEW_STATEMENTS))
    if met.first == met.second:
        message = f"Of two answers about sale {asked.ticket.uuid} {met.first} and {met.second}."
        raise Breach(message)
    if met.at_once:
        town.faults.meet(kind)
    return said[0] if met.first else said[1]


def _say(town: Town, asked: _Asked, *, is_yes: bool, counts: bool) -> None:
    """Answer; raises ``Breach`` when that counts and should not, or the other way round."""
    if asked.answer(town, is_yes=is_yes) != counts:
        said = "did not count" if counts else "counted"
        message = f"An answer about sale {asked.ticket.uuid} {said}."
        raise Breach(message)
