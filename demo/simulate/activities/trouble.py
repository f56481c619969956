"""What goes wrong at a till: lost, late, twice, out of order, at the same moment, or forged."""

from datetime import timedelta
from functools import partial

from demo.simulate import counter
from demo.simulate.breaches import Breach
from demo.simulate.breaking import dies
from demo.simulate.counter import expect
from demo.simulate.front_door import Answer
from demo.simulate.memory import HAPPENED, STILL_OPEN, Ticket
from demo.simulate.town import Town

MOST_STATEMENTS, FEW_STATEMENTS = 8, 4
"""Where a sale may die or give way; what is done sooner does not."""


def repeat(town: Town) -> None:
    """Send the same call twice: the same answer."""
    ticket = counter.ring_up(town)
    counter.sell(town, ticket)
    counter.sell(town, ticket)
    town.faults.meet("repeated")


def lose_answer(town: Town) -> None:
    """Let OK do it and the till not hear; it asks when it comes to that."""
    counter.send_and_hear_nothing(town, counter.ring_up(town))
    town.faults.meet("answer_lost")


def lose_request(town: Town) -> None:
    """Send into the void: nobody knows the sale, so it is sent again."""
    ticket = counter.ring_up(town)
    town.memory.sent(ticket)
    expect(counter.ask(town, ticket), "sale_unknown")
    counter.sell(town, ticket)
    town.faults.meet("request_lost")


def ask_again(town: Town) -> None:
    """Let every till without an answer ask, and send again what never came."""
    for ticket in list(town.memory.unanswered()):
        if counter.ask(town, ticket).code == "sale_unknown":
            # Its code may be stale by now: a cashier asks for another payment and starts anew.
            expect(counter.give_up(town, ticket), "did_not_happen")
        elif ticket.verdict == STILL_OPEN:
            expect(counter.give_up(town, ticket), "did_not_happen")


def give_up_before_it_came(town: Town) -> None:
    """Give up what OK does not know; the late original can never pay."""
    ticket = counter.ring_up(town)
    expect(counter.give_up(town, ticket), "did_not_happen")
    expect(counter.put(town, ticket), "sale_cancelled")
    expect(counter.pay(town, ticket), "sale_cancelled")
    town.faults.meet("given_up_before_it_came")


def give_up_what_was_quoted(town: Town) -> None:
    """Give up a quote; paying it is too late then."""
    ticket = counter.ring_up(town)
    expect(counter.put(town, ticket, counter.without_payment(ticket.body)), STILL_OPEN)
    expect(counter.give_up(town, ticket), "did_not_happen")
    expect(counter.pay(town, ticket), "sale_cancelled")
    expect(counter.put(town, ticket), "sale_cancelled")


def give_up_when_paid(town: Town) -> None:
    """Give up what was paid: it happened."""
    ticket = counter.ring_up(town)
    counter.sell(town, ticket)
    expect(counter.give_up(town, ticket), "sale_closed")
    town.faults.meet("given_up_when_paid")


def send_out_of_order(town: Town) -> None:
    """Let a newer basket come before the older one."""
    ticket = counter.ring_up(town)
    older, newer = (counter.without_payment(ticket.body, revision=n) for n in (1, 2))
    newer["lines"] = newer["lines"][:1]
    expect(counter.put(town, ticket, newer), STILL_OPEN)
    expect(counter.put(town, ticket, older), "revision_stale")
    expect(counter.give_up(town, ticket), "did_not_happen")
    town.faults.meet("out_of_order")


def change_what_was_paid(town: Town) -> None:
    """Send another basket under the number of a paid sale."""
    ticket = counter.ring_up(town, tenders=("ok",))
    counter.sell(town, ticket)
    other = {**ticket.body, "lines": [{**ticket.body["lines"][0], "quantity": 9}]}
    expect(counter.put(town, ticket, other), "sale_closed")
    town.faults.meet("basket_changed_when_paid")


def reuse_key(town: Town) -> None:
    """Pay twice under one Idempotency-Key, and then something else under it."""
    ticket = counter.ring_up(town)
    expect(counter.put(town, ticket, counter.without_payment(ticket.body)), STILL_OPEN)
    key = f"key-{ticket.uuid}"
    expect(counter.pay(town, ticket, key=key), HAPPENED)
    expect(counter.pay(town, ticket, key=key), HAPPENED)
    other = counter.pay(town, ticket, key=key, tenders=[{"kind": "cash"}, {"kind": "ok"}])
    expect(other, "idempotency_key_reused")
    town.faults.meet("key_reused")


def ask_another_amount(town: Town) -> None:
    """Ask for an amount that is not due: nothing is paid until it is right."""
    ticket = counter.ring_up(town)
    quoted = counter.put(town, ticket, counter.without_payment(ticket.body))
    due = quoted.body["due"]
    expect(counter.pay(town, ticket, amount_due=due + 1), "amount_changed")
    expect(counter.pay(town, ticket, amount_due=due), HAPPENED)
    town.faults.meet("amount_moved")


def reuse_code(town: Town) -> None:
    """Show one code at two tills: it pays once."""
    first = counter.ring_up(town, shopper=counter.payer(town))
    second = _with_the_same_code(town, first)
    counter.sell(town, first)
    expect(counter.put(town, second), "code_used")
    town.faults.meet("code_reused")


def show_old_code(town: Town) -> None:
    """Show a screenshot of some minutes ago."""
    shopper = counter.payer(town)
    with town.clock_off_by(-timedelta(minutes=5)):
        ticket = counter.ring_up(town, shopper=shopper)
    expect(counter.put(town, ticket), "code_stale")
    town.faults.meet("code_stale")


def forge_code(town: Town) -> None:
    """Make a code up around a handle that was seen."""
    ticket = counter.ring_up(town, shopper=counter.payer(town))
    shown = ticket.body["code"]
    forged = f"{shown[:-1]}{(int(shown[-1]) + 1) % 10}"
    expect(counter.put(town, ticket, {**ticket.body, "code": forged}), "code_unknown")
    counter.sell(town, ticket)
    town.faults.meet("code_forged")


def send_at_once(town: Town) -> None:
    """Send one sale twice at the same moment: both hear that it happened."""
    ticket = counter.ring_up(town)
    for answer in _meet(town, "same_sale_at_once", (ticket, "PUT"), (ticket, "PUT")):
        expect(answer, HAPPENED)


def show_at_once(town: Town) -> None:
    """Show one code at two tills at the same moment: it pays once."""
    first = counter.ring_up(town, shopper=counter.payer(town))
    second = _with_the_same_code(town, first)
    one, other = _meet(town, "same_code_at_once", (first, "PUT"), (second, "PUT"))
    if sorted([one.code, other.code]) != ["", "code_used"]:
        message = f"One code at two tills at once: {one} and {other}."
        raise Breach(message)


def pay_and_give_up_at_once(town: Town) -> None:
    """Pay and give up at the same moment: one of the two, and all agree which."""
    ticket = counter.ring_up(town)
    if town.chance.one_in(2):
        expect(counter.put(town, ticket, counter.without_payment(ticket.body)), STILL_OPEN)
    kind = "paid_and_given_up_at_once"
    paid, given_up = _meet(town, kind, (ticket, "PUT"), (ticket, "DELETE"))
    ends = {("", "sale_closed"), ("sale_cancelled", "")}
    # What waited for the shopper's yes was not paid yet.
    if paid.waits_for_yes:
        ends = {("", "")}
    if (paid.code, given_up.code) not in ends:
        message = f"Paid and given up at once: {paid} and {given_up}."
        raise Breach(message)


def die_in_a_sale(town: Town) -> None:
    """Let the server die in the middle of a sale: it happened or not, and the till asks."""
    ticket = counter.ring_up(town)
    town.memory.sent(ticket)
    if dies(
        lambda: town.memory.heard(ticket, counter.send(ticket, "PUT", body=ticket.body)),
        at=town.chance.between(1, MOST_STATEMENTS),
        has_sent=town.chance.one_in(2),
    ):
        town.faults.meet("died_in_a_sale")


def _with_the_same_code(town: Town, ticket: Ticket) -> Ticket:
    other = counter.ring_up(town, tenders=("ok",))
    body = {**other.body, "code": ticket.body["code"]}
    return town.memory.open_ticket(other.uuid, other.till, body, ticket.payer)


def _meet(
    town: Town, kind: str, one: tuple[Ticket, str], other: tuple[Ticket, str]
) -> tuple[Answer, Answer]:
    """Make two calls at the same moment; what the tills hear, they hear afterwards.

    Where the shopper has to say yes, that comes last.
    """
    is_one_first = town.chance.one_in(2)
    calls = (one, other) if is_one_first else (other, one)
    for ticket, _method in calls:
        town.memory.sent(ticket)
    does_first, does_second = (partial(_send, ticket, method) for ticket, method in calls)
    met = town.meeting.of(does_first, does_second, at=town.chance.between(1, FEW_STATEMENTS))
    if met.at_once:
        town.faults.meet(kind)
    told = list(zip(calls, (met.first, met.second), strict=True))
    # What waits for a yes was so before it was given up.
    for (ticket, method), answer in sorted(told, key=lambda each: not each[1].waits_for_yes):
        # A refusal tells how the sale stood at its own moment: only what was done is the end.
        if not answer.code:
            town.memory.heard(ticket, answer)
            ticket.is_over = ticket.is_over or method == "DELETE"
    for ticket, _method in calls:
        if ticket.verdict is None:
            counter.ask(town, ticket)
    first, second = (
        answer if ticket.is_over else counter.confirmed(town, ticket, answer)
        for (ticket, _method), answer in told
    )
    return (first, second) if is_one_first else (second, first)


def _send(ticket: Ticket, method: str) -> Answer:
    return counter.send(ticket, method, body=ticket.body if method == "PUT" else None)
