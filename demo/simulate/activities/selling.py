"""Sales as they should go, in stores and webshops, with OK and with other means."""

from demo.simulate import counter
from demo.simulate.counter import expect
from demo.simulate.memory import HAPPENED, STILL_OPEN
from demo.simulate.town import Town


def sell(town: Town) -> None:
    """Sell in one call."""
    counter.sell(town, counter.ring_up(town))


def quote_and_sell(town: Town) -> None:
    """Quote a basket, perhaps change it, and sell it at the price that was shown."""
    ticket = counter.ring_up(town)
    last = town.chance.between(1, 3)
    for revision in range(1, last + 1):
        basket = counter.without_payment(ticket.body, revision=revision)
        expect(counter.put(town, ticket, basket), STILL_OPEN)
    due = counter.ask(town, ticket).body["due"]
    paid = counter.pay(town, ticket, revision=last, key=str(ticket.uuid), amount_due=due)
    expect(paid, HAPPENED)


def look_up(town: Town) -> None:
    """Ask for the verdict of an old sale."""
    known = [ticket for ticket in town.memory.tickets.values() if ticket.verdict == HAPPENED]
    if known:
        expect(counter.ask(town, town.chance.pick(known)), HAPPENED)
