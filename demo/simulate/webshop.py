"""What happens online: the calls of a webshop's server, and what shoppers tap on the page."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from demo.simulate import counter
from demo.simulate.breaches import Breach
from demo.simulate.cast import PIN, Shopper, Till
from demo.simulate.front_door import Answer, call
from demo.simulate.memory import HAPPENED
from demo.simulate.orders import AUTOMATIC, CAPTURED, Link, Order, Standing
from demo.simulate.town import Town
from merchants.checkout.actions.authorise_payment import Payer, authorise_payment, price_for
from merchants.checkout.actions.decline_payment import decline_payment
from merchants.checkout.actions.expire_payment import expire_payment
from merchants.checkout.actions.pay_link import pay_link
from merchants.checkout.actions.present_payment import present_payment
from merchants.checkout.queries import find_link_by_token, find_payment_by_token
from merchants.models import OnlinePayment, PaymentLink
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Channel

LEAST_AMOUNT, MOST_AMOUNT = 500, 5_000
SHORTEST, USUAL = 60, 1_800
"""For how many seconds a page can be paid."""

A_WEEK = timedelta(days=7, minutes=1)
"""After this nothing is set aside any more."""
BUSY, PAID, ENDED = "payment_busy", "payment_paid_already", "payment_ended"
"""Why a page, or a shop, is told that nothing is taken now."""

DONE = "that it was done"

Body = dict[str, Any]


def webshop(town: Town) -> Till:
    """Return the webshop of some merchant."""
    tills = town.chance.pick(town.cast.shops).tills
    return next(till for till in tills if till.channel == Channel.ONLINE)


def order(town: Town, *, capture: str = AUTOMATIC, expires_in: int = USUAL) -> Order:
    """Open an order of goods, or sometimes of one amount; ask nothing."""
    body: Body = {"currency": "EUR", "capture": capture, "expires_in": expires_in}
    if town.chance.one_in(4):
        body |= {"amount": town.chance.between(LEAST_AMOUNT, MOST_AMOUNT), "description": "Advies"}
    else:
        body["lines"] = counter.basket(town)
    return town.orders.open_order(webshop(town), body)


def send(asked: Order, more: str = "", body: Body | None = None, *, key: str = "") -> Answer:
    """Make one call about an order; nobody remembers the answer yet."""
    path = f"payments/{asked.id}{more}"
    return _send(asked.till, path, body, key) if more else _look(asked.till, path)


def _send(till: Till, path: str, body: Body | None, key: str) -> Answer:
    return call("POST", f"/api/v1/{path}", key=till.key, body=body or {}, idempotency_key=key)


def _look(till: Till, path: str) -> Answer:
    return call("GET", f"/api/v1/{path}", key=till.key)


def ask(town: Town, asked: Order) -> Order:
    """Ask for a payment, or once more under the same key; returns the order with its page."""
    town.orders.sent(asked)
    answer = call_for(asked)
    expect(answer, "")
    town.orders.begun(asked, uuid=UUID(answer.body["id"]), token=_token(answer.body["page"]))
    hear(town, asked, answer)
    return asked


def call_for(asked: Order, **other: Any) -> Answer:
    """Ask for a payment of an order, or of something else under its key."""
    return _send(asked.till, "payments", {**asked.body, **other}, asked.name)


def _token(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def standing(answer: Answer) -> Standing:
    """Return how an answer says that a payment stands."""
    told = answer.body
    return Standing(told["state"], told["amount"], told["captured"], told["released"])


def hear(town: Town, asked: Order, answer: Answer) -> None:
    """Remember an answer about an order; a sale that is closed by now is looked at."""
    until = answer.body["capture_until"]
    asked.capture_until = until and datetime.fromisoformat(until)
    town.orders.heard(asked, standing(answer))
    _open_ticket(town, asked, answer)


def _open_ticket(town: Town, asked: Order, answer: Answer) -> None:
    """Give an order that is done a ticket, as a sale like any other; refunds name it."""
    if (answer.body["sale"] is not None) is not (asked.stands.state == CAPTURED):
        message = f"{asked.name} is {asked.stands.state}, with sale {answer.body['sale']}."
        raise Breach(message)
    if answer.body["sale"] is None or asked.ticket is not None:
        return
    lines = asked.body.get("lines") or [{"quantity": 1}]
    body = {"lines": lines, "payment": {"tenders": [{"kind": "ok"}]}}
    uuid = UUID(answer.body["sale"])
    asked.ticket = town.memory.open_ticket(uuid, asked.till, body, asked.payer)
    counter.expect(counter.ask(town, asked.ticket), HAPPENED)
    sold = (asked.ticket.paid, asked.ticket.paid_with_ok)
    if sold != (asked.stands.captured, asked.stands.captured):
        message = f"{asked.name} captured {asked.stands.captured}; its sale came to {sold}."
        raise Breach(message)


def look(town: Town, asked: Order) -> str:
    """Ask what became of an order; return its state."""
    hear(town, asked, send(asked))
    return asked.stands.state


def expect_state(town: Town, asked: Order, *states: str) -> None:
    """Raise ``Breach`` unless an order is in one of these states, when asked."""
    state = look(town, asked)
    if state not in states:
        message = f"{asked.name} is {state}, not {' or '.join(states)}."
        raise Breach(message)


def send_capture(asked: Order, amount: int | None, *, key: str = "") -> Answer:
    """Ask for a part, or for all that is left; nobody remembers the answer yet."""
    body = {} if amount is None else {"amount": amount}
    return send(asked, "/captures", body, key=key or f"{asked.name}-{asked.parts}")


def next_part(asked: Order) -> None:
    """Begin the next part of an order: what is captured from here on has another key."""
    asked.parts += 1


def capture(town: Town, asked: Order, amount: int | None = None) -> None:
    """Capture a part, or all that is left; raises ``Breach`` unless it was."""
    next_part(asked)
    part = asked.left if amount is None else amount
    answer = send_capture(asked, amount)
    expect(answer, "")
    town.orders.took(asked, part, standing(answer))
    _open_ticket(town, asked, answer)


def send_cancel(asked: Order) -> Answer:
    """Give a payment up, or what is left of it; nobody remembers the answer yet."""
    return send(asked, "/cancellation", key=f"{asked.name}-cancel-{asked.parts}")


def cancel(town: Town, asked: Order) -> None:
    """Give a payment up, or what is left of it; raises ``Breach`` unless that was done."""
    answer = send_cancel(asked)
    expect(answer, "")
    hear(town, asked, answer)


def _payment(asked: Order) -> OnlinePayment:
    found = find_payment_by_token(asked.token)
    if found is None:
        message = f"{asked.name} has no page {asked.token}."
        raise Breach(message)
    return found


def shown(town: Town, asked: Order, shopper: Shopper) -> int:
    """Open the page; return what it says that this shopper pays, in cents."""
    payment, actor = _payment(asked), shopper.phone.actor
    with merchant_scope(payment.merchant_id):
        present_payment(payment=payment, now=town.now, actor=actor)
        _call, priced = price_for(
            payment=payment, person_id=shopper.person_id, actor=actor, now=town.now
        )
    return priced.loyalty.quote.due


def tap(town: Town, asked: Order, shopper: Shopper, *, due: int, pin: str = PIN) -> str:
    """Confirm on the page; return why nothing was taken, empty when it was.

    Nobody remembers it yet.
    """
    payment = _payment(asked)
    payer = Payer(
        person_id=shopper.person_id,
        mode=Mode.LIVE,
        amount_due=due,
        funding_ref=shopper.phone.funding_ref,
        pin=pin,
    )
    try:
        with merchant_scope(payment.merchant_id):
            authorise_payment(payment=payment, payer=payer, now=town.now)
    except Refusal as refusal:
        return refusal.code
    return ""


def pay(town: Town, asked: Order, shopper: Shopper | None = None) -> None:
    """Open the page and confirm; raises ``Breach`` unless that did it."""
    shopper = shopper or counter.payer(town)
    due = shown(town, asked, shopper)
    expect_tap(asked, tap(town, asked, shopper, due=due), "")
    town.orders.confirmed(asked, payer=shopper, amount=due)


def decline(town: Town, asked: Order, shopper: Shopper) -> None:
    """Say no on the page."""
    payment = _payment(asked)
    with merchant_scope(payment.merchant_id):
        decline_payment(payment=payment, now=town.now, actor=shopper.phone.actor)


def let_expire(asked: Order, *, now: datetime) -> bool:
    """Let a worker end a payment whose time is over by its clock; say whether it did."""
    payment = _payment(asked)
    with merchant_scope(payment.merchant_id):
        return expire_payment(payment=payment, now=now, actor=SYSTEM)


def make_link(town: Town, *, only_once: bool, is_open: bool = False) -> Link:
    """Make a link of one amount, or of an open one, and ask for it twice under one key."""
    amount = {"least": LEAST_AMOUNT, "most": MOST_AMOUNT}
    if not is_open:
        amount = {"amount": town.chance.between(LEAST_AMOUNT, MOST_AMOUNT)}
    body = {"description": "Lezing", "only_once": only_once, **amount}
    link = town.orders.open_link(webshop(town), body)
    answers = [_send(link.till, "payment-links", dict(link.body), link.name) for _ in range(2)]
    for answer in answers:
        expect(answer, "")
    first, again = (answer.body for answer in answers)
    if first != again:
        message = f"{link.name} was made as {first['id']}, and again as {again['id']}."
        raise Breach(message)
    link.id, link.token = UUID(first["id"]), _token(first["address"])
    return link


def begin(town: Town, link: Link) -> Order:
    """Open a link and press its button: a payment of one's own comes of it."""
    asked = town.orders.open_order(link.till, link.body, link)
    payment = press(town, link)
    town.orders.begun(asked, uuid=payment.uuid, token=payment.token)
    expect_state(town, asked, "created")
    return asked


def press(town: Town, link: Link) -> OnlinePayment:
    """Press the button of a link's page; raises the refusals of ``pay_link``."""
    found: PaymentLink | None = find_link_by_token(link.token)
    if found is None:
        message = f"{link.name} has no page {link.token}."
        raise Breach(message)
    amount = None
    if found.amount is None:
        amount = town.chance.between(LEAST_AMOUNT, MOST_AMOUNT)
    with merchant_scope(found.merchant_id):
        return pay_link(link=found, amount=amount, language="nl", now=town.now, actor=SYSTEM)


def close_link(link: Link) -> None:
    """Let nobody begin to pay by a link any more."""
    expect(_send(link.till, f"payment-links/{link.id}/closure", None, f"{link.name}-close"), "")


def expect_link(link: Link, state: str) -> None:
    """Raise ``Breach`` unless a link is told to stand so, with all that was paid by it."""
    told = _look(link.till, f"payment-links/{link.id}").body
    paid = [one.stands.amount for one in link.orders if one.stands.amount]
    expected = (state, len(paid), sum(paid))
    if (told["state"], told["paid"], told["received"]) != expected:
        message = f"{link.name} is told as {dict(told)}, not as {expected}."
        raise Breach(message)


def expect(answer: Answer, code: str) -> None:
    """Raise ``Breach`` unless a webshop was told this; the empty code is that it was done."""
    if answer.code != code:
        message = f"The webshop was told {answer.code or DONE}, not {code or DONE}."
        raise Breach(message)


def expect_tap(asked: Order, told: str, code: str) -> None:
    """Raise ``Breach`` unless a shopper was told this; the empty code is that it was paid."""
    if told != code:
        message = f"The page of {asked.name} said {told or 'paid'}, not {code or 'paid'}."
        raise Breach(message)
