"""What happens at a service desk: what comes back of a sale, and the calls that are made for it."""

from typing import Any
from uuid import UUID

from demo.simulate.breaches import Breach
from demo.simulate.cast import Shop, Till
from demo.simulate.front_door import Answer, call
from demo.simulate.memory import CREATED, HAPPENED, Back, Ticket
from demo.simulate.town import Town
from merchants.returns.actions.refund_sale import RefundCall, refund_sale
from merchants.returns.answers import render
from merchants.returns.asking import LineAsked, RefundAsked
from okplatform.kernel import db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.tills import StoreAtTill
from okplatform.trade.facts import SaleKey
from payments.chart import MERCHANT_PAYABLE

NOT_COVERED, STILL_RUNNING = "refund_not_covered", "idempotency_still_running"
LITTLE = 300
"""Cents: of a sale of which less is left, some line may have none of it."""
LATELY = 40
"""Of how many sales one looks for another whose money no bank was asked for yet."""

COLLECTED = """
SELECT sale.uuid FROM payments_collection collection
JOIN payments_collection_item item ON item.collection_id = collection.id
JOIN payments_posting posting ON posting.id = item.posting_id
JOIN trade_sale sale ON sale.id = payments_sale_of(posting.kind, posting.reference)
WHERE collection.state = 'settled' ORDER BY sale.id
"""

Body = dict[str, Any]


def collected_sale(town: Town) -> Ticket | None:
    """Return a sale whose money the bank has brought, and of which something is left."""
    # Of what was captured in parts some may be collected before the sale is closed.
    collected = [town.memory.tickets.get(uuid) for (uuid,) in db.call(COLLECTED)]
    found = [ticket for ticket in collected if ticket is not None and has_left(ticket)]
    return town.chance.pick(found) if found else None


def late_sale(town: Town) -> Ticket | None:
    """Return one of the last sales of which something is left."""
    lately = list(town.memory.tickets.values())[-LATELY:]
    found = [ticket for ticket in lately if has_left(ticket)]
    return town.chance.pick(found) if found else None


def has_left(ticket: Ticket) -> bool:
    """Say whether something can come back of a sale, as far as its till knows."""
    return ticket.verdict == HAPPENED and ticket.left > 0 and not ticket.is_in_doubt


def by_line(town: Town, ticket: Ticket) -> Body:
    """Return a request for all or some of one line that is left, or for an amount."""
    left = {
        number: line["quantity"] - _returned(ticket, number)
        for number, line in enumerate(ticket.body["lines"], start=1)
    }
    numbers = [number for number, quantity in left.items() if quantity]
    if not numbers or ticket.left < LITTLE:
        return by_amount(town, ticket)
    number = town.chance.pick(numbers)
    return {"lines": [{"number": number, "quantity": town.chance.between(1, left[number])}]}


def _returned(ticket: Ticket, number: int) -> int:
    return sum(
        line["quantity"]
        for back in ticket.backs
        if back.amount and back.answer is not None
        for line in back.answer.body["lines"]
        if line["number"] == number
    )


def by_amount(town: Town, ticket: Ticket) -> Body:
    """Return a request for a part of what is left of a sale."""
    return {"amount": town.chance.between(1, ticket.left)}


def shop_of(town: Town, till: Till) -> Shop:
    """Return whose till it is."""
    return next(shop for shop in town.cast.shops if shop.merchant_id == till.merchant_id)


def other_till(town: Town, till: Till) -> Till:
    """Return a till of another store of the same merchant."""
    tills = shop_of(town, till).tills
    return town.chance.pick([one for one in tills if one.store_id != till.store_id])


def open_back(town: Town, ticket: Ticket, body: Body, *, till: Till | None = None) -> Back:
    """Write down what is going to be asked for, where it was sold unless a till is named."""
    return town.memory.open_back(ticket, town.chance.uuid(), till or ticket.till, body)


def send(ticket: Ticket, back: Back, *, key: str = "") -> Answer:
    """Ask for it, under its own key unless another is given; nobody remembers the answer yet."""
    path = f"/api/v1/sales/{ticket.uuid}/refunds"
    key = key or f"back-{back.uuid}"
    return call("POST", path, key=back.till.refund_key, body=back.body, idempotency_key=key)


def ask(town: Town, ticket: Ticket, back: Back) -> Answer:
    """Ask for it, and remember the answer; that its key is still at work is none."""
    answer = send(ticket, back)
    if answer.code == STILL_RUNNING:
        return answer
    town.memory.heard_back(ticket, back, answer)
    return answer


def ask_in_console(town: Town, ticket: Ticket, back: Back) -> Answer:
    """Ask for it as the console's page does, which signs in people and not tills."""
    till, body = back.till, back.body
    asked = RefundAsked(
        uuid=UUID(body["uuid"]),
        operator="Sanne",
        language="nl",
        lines=[LineAsked(line["number"], line["quantity"]) for line in body.get("lines", ())],
        amount=body.get("amount"),
    )
    key = SaleKey(till.merchant_id, Mode.LIVE, ticket.uuid)
    place = StoreAtTill(
        store_id=till.store_id,
        store_reference=till.store,
        channel=till.channel,
        currency="EUR",
        timezone="Europe/Amsterdam",
        terminal_id=None,
    )
    actor = Actor(kind="person", id="0")
    try:
        with merchant_scope(till.merchant_id):
            request = RefundCall(key=key, place=place, actor=actor, now=town.now)
            answer = Answer(CREATED, render(refund_sale(call=request, asked=asked)))
    except Refusal as refusal:
        answer = Answer(refusal.status, {"code": refusal.code})
    town.memory.heard_back(ticket, back, answer)
    return answer


def expect_back(town: Town, ticket: Ticket, back: Back) -> bool:
    """Say whether it was given back; raises ``Breach`` for a refusal that is not in order.

    In order is only that the shop's balance does not cover it.
    """
    answer = back.answer
    if answer is None or answer.code not in ("", NOT_COVERED):
        message = f"Refund {back.uuid} of sale {ticket.uuid} was told {answer}."
        raise Breach(message)
    if not answer.code:
        return True
    shop = shop_of(town, back.till)
    town.checks.books.follow()
    held = town.checks.books.held_by(MERCHANT_PAYABLE.kind).get(shop.merchant_id, 0)
    if held - ticket.paid_with_ok >= shop.terms.floor:
        message = f"Refund {back.uuid} is covered by {held}, and was refused."
        raise Breach(message)
    town.faults.meet("refund_not_covered")
    return False
