"""What happens at a till: baskets, and the calls that its software makes."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from demo.simulate.breaches import Breach
from demo.simulate.cast import Shopper
from demo.simulate.front_door import Answer, call
from demo.simulate.memory import HAPPENED, STILL_OPEN, Ticket
from demo.simulate.town import Town
from okplatform.kernel import relay
from okplatform.kernel.tenancy import operator_scope
from payments.models import AccountLimit
from payments.spending import CONFIRM_ABOVE, CONFIRM_TOGETHER_ABOVE

TENDERS = {("ok",): 12, ("ok", "cash"): 2, ("ok", "pin"): 1, ("pin",): 3, ("cash",): 2}
"""What a sale is paid with, and how often: all but OK are external."""
MOST_LINES, MOST_PIECES, LEAST_PRICE, MOST_PRICE = 4, 3, 60, 400
"""So that no basket comes to the € 50 above which the phone must confirm."""
LARGE = (CONFIRM_ABOVE + 1, 3 * CONFIRM_ABOVE)
VAT_RATES = (900, 2_100)

Body = dict[str, Any]


def ring_up(
    town: Town, *, shopper: Shopper | None = None, tenders: tuple[str, ...] | None = None
) -> Ticket:
    """Open a ticket for a basket that ``shopper``, or anybody, pays in one call; send nothing.

    Whoever pays with another means often shows a code too, for the points.
    """
    tenders = tenders or town.chance.weighted(TENDERS)
    if shopper is None and ("ok" in tenders or town.chance.one_in(2)):
        shopper = payer(town)
    if shopper is not None and _may_be_asked(shopper):
        buy_large(town, shopper)
    lines = [_line(town) for _ in range(town.chance.between(1, MOST_LINES))]
    body: Body = {"revision": 1, "currency": "EUR", "lines": lines}
    if shopper is not None:
        body["code"] = shopper.phone.show(town.now)
    body["payment"] = {"tenders": [{"kind": tenders[0]}, *_besides(lines, tenders[1:])]}
    return _ticket(town, body)


def buy_large(town: Town, shopper: Shopper) -> None:
    """Let a shopper pay more than the phone may let pass, and say yes to it."""
    body: Body = {
        "revision": 1,
        "currency": "EUR",
        "lines": [{**_line(town), "quantity": 1, "unit_price": town.chance.between(*LARGE)}],
        "code": shopper.phone.show(town.now),
        "payment": {"tenders": [{"kind": "ok"}]},
    }
    ticket = _ticket(town, body)
    expect(put(town, ticket), STILL_OPEN)
    shopper.phone.say_yes(town.now)
    relay.drain(now=town.now)
    expect(ask(town, ticket), HAPPENED)


def _may_be_asked(shopper: Shopper) -> bool:
    """Say whether one more small payment might have to be confirmed: then the count is reset."""
    with operator_scope("what was paid without a confirmation"):
        limit = AccountLimit.objects.filter(pk=shopper.phone.funding_ref).first()
    return limit is not None and limit.unconfirmed > CONFIRM_TOGETHER_ABOVE - CONFIRM_ABOVE


def _ticket(town: Town, body: Body) -> Ticket:
    till = town.chance.pick(town.chance.pick(town.cast.shops).tills)
    return town.memory.open_ticket(town.chance.uuid(), till, body)


def payer(town: Town) -> Shopper:
    """Return a shopper who can pay."""
    able = [shopper for shopper in town.cast.shoppers if shopper.phone.funding_ref is not None]
    return town.chance.pick(able)


def _line(town: Town) -> Body:
    return {
        "sku": f"article-{town.chance.between(1, 50)}",
        "name": "Artikel",
        "quantity": town.chance.between(1, MOST_PIECES),
        "unit_price": town.chance.between(LEAST_PRICE, MOST_PRICE),
        "vat_rate": town.chance.pick(VAT_RATES),
    }


def _besides(lines: list[Body], tenders: tuple[str, ...]) -> list[Body]:
    """Let what pays besides OK pay a third; OK pays the rest."""
    gross = sum(line["quantity"] * line["unit_price"] for line in lines)
    return [{"kind": kind, "amount": gross // 3} for kind in tenders]


def without_payment(body: Mapping[str, Any], *, revision: int = 1) -> Body:
    """Return the basket alone, to be quoted."""
    asked = {name: value for name, value in body.items() if name != "payment"}
    return {**deepcopy(asked), "revision": revision}


def put(town: Town, ticket: Ticket, body: Mapping[str, Any] | None = None) -> Answer:
    """Send the basket, with its payment unless another body is given."""
    return _heard(town, ticket, "PUT", body=body or ticket.body)


def sell(town: Town, ticket: Ticket) -> None:
    """Send it in one call; raises ``Breach`` unless it happened."""
    expect(put(town, ticket), HAPPENED)


def pay(
    town: Town, ticket: Ticket, *, key: str | None = None, revision: int = 1, **other: Any
) -> Answer:
    """Pay what was quoted, as its body says."""
    body = {"revision": revision, **ticket.body["payment"], **other}
    return _heard(town, ticket, "POST", "/payment", body=body, key=key)


def ask(town: Town, ticket: Ticket) -> Answer:
    """Ask for the verdict."""
    return _heard(town, ticket, "GET")


def give_up(town: Town, ticket: Ticket) -> Answer:
    """Give the sale up."""
    answer = _heard(town, ticket, "DELETE")
    ticket.is_given_up = ticket.is_given_up or not answer.code
    return answer


def send_and_hear_nothing(town: Town, ticket: Ticket) -> None:
    """Send it, and lose the answer."""
    town.memory.sent(ticket)
    send(ticket, "PUT", body=ticket.body)


def send(
    ticket: Ticket,
    method: str,
    more: str = "",
    *,
    body: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Answer:
    """Make one call about a ticket; nobody remembers the answer yet."""
    path = f"/api/v1/sales/{ticket.uuid}{more}"
    return call(method, path, key=ticket.till.key, body=body, idempotency_key=key)


def _heard(town: Town, ticket: Ticket, method: str, more: str = "", **sent: Any) -> Answer:
    town.memory.sent(ticket)
    answer = send(ticket, method, more, **sent)
    town.memory.heard(ticket, answer)
    return answer


def expect(answer: Answer, *said: str) -> None:
    """Raise ``Breach`` unless the answer is one of these verdicts or codes of refusals."""
    if (answer.code or answer.body.get("verdict")) not in said:
        message = f"The till was told {answer}, not {' or '.join(said)}."
        raise Breach(message)
