"""What happens at a till: baskets, and the calls that its software makes."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from demo.simulate.breaches import Breach
from demo.simulate.cast import Shopper
from demo.simulate.front_door import Answer, call
from demo.simulate.memory import HAPPENED, Ticket
from demo.simulate.town import Town
from okplatform.kernel import relay
from payments.models import BankAccount

TENDERS = {("ok",): 12, ("ok", "cash"): 2, ("ok", "pin"): 1, ("pin",): 3, ("cash",): 2}
"""What a sale is paid with, and how often: all but OK are external."""
MOST_LINES, LEAST_PRICE, MOST_PRICE = 4, 60, 600
"""Of most sales nobody has to say yes on the phone; those activities ring up dearer ones."""
LAST_OF_TERMINAL = 99_999_999
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
    lines = basket(town)
    body: Body = {"revision": 1, "currency": "EUR", "lines": lines}
    if shopper is not None:
        body["code"] = shopper.phone.show(town.now)
    body["payment"] = {"tenders": [_tender(town, tenders[0]), *_besides(town, lines, tenders[1:])]}
    till = town.chance.pick(town.chance.pick(town.cast.shops).tills)
    return town.memory.open_ticket(town.chance.uuid(), till, body, shopper)


def _tender(town: Town, kind: str) -> Body:
    """Return what pays, with the number that a payment terminal gives."""
    reference = f"{town.chance.between(1, LAST_OF_TERMINAL):08}" if kind == "pin" else ""
    return {"kind": kind, "reference": reference}


def payer(town: Town) -> Shopper:
    """Return a shopper who can pay; who has not signed for any account does so now."""
    ready = ready_accounts()
    able = [one for one in town.cast.shoppers if one.phone.funding_ref in ready]
    if able:
        return town.chance.pick(able)
    shopper = town.chance.pick(town.cast.shoppers)
    account_id = max(shopper.accounts)
    if account_id not in ready:
        shopper.sign(account_id, now=town.now)
    shopper.pays_from(account_id)
    return shopper


def ready_accounts() -> set[int]:
    """Return the bank accounts that codes may pay from."""
    return set(BankAccount.objects.exclude(ready_at=None).values_list("pk", flat=True))


def basket(town: Town) -> list[Body]:
    """Return the lines of some goods."""
    return [_line(town) for _ in range(town.chance.between(1, MOST_LINES))]


def _line(town: Town) -> Body:
    return {
        "sku": f"article-{town.chance.between(1, 50)}",
        "name": "Artikel",
        "quantity": town.chance.between(1, 3),
        "unit_price": town.chance.between(LEAST_PRICE, MOST_PRICE),
        "vat_rate": town.chance.pick(VAT_RATES),
    }


def _besides(town: Town, lines: list[Body], tenders: tuple[str, ...]) -> list[Body]:
    """Let what pays besides OK pay a third; OK pays the rest."""
    gross = sum(line["quantity"] * line["unit_price"] for line in lines)
    return [{**_tender(town, kind), "amount": gross // 3} for kind in tenders]


def without_payment(body: Mapping[str, Any], *, revision: int = 1) -> Body:
    """Return the basket alone, to be quoted."""
    asked = {name: value for name, value in body.items() if name != "payment"}
    return {**deepcopy(asked), "revision": revision}


def put(town: Town, ticket: Ticket, body: Mapping[str, Any] | None = None) -> Answer:
    """Send the basket, with its payment unless another body is given.

    Where the shopper has to say yes on the phone, that is done, and the answer is the one after it.
    """
    return confirmed(town, ticket, send_and_hear(town, ticket, "PUT", body=body or ticket.body))


def sell(town: Town, ticket: Ticket) -> None:
    """Send it in one call; raises ``Breach`` unless it happened."""
    expect(put(town, ticket), HAPPENED)


def pay(
    town: Town, ticket: Ticket, *, key: str | None = None, revision: int = 1, **other: Any
) -> Answer:
    """Pay what was quoted, as its body says."""
    body = {"revision": revision, **ticket.body["payment"], **other}
    answer = send_and_hear(town, ticket, "POST", "/payment", body=body, key=key)
    return confirmed(town, ticket, answer)


def ask(town: Town, ticket: Ticket) -> Answer:
    """Ask for the verdict."""
    return send_and_hear(town, ticket, "GET")


def confirmed(town: Town, ticket: Ticket, answer: Answer) -> Answer:
    """Let the shopper say yes if that is waited for, and the till ask, before or after a worker."""
    if ticket.payer is None or not answer.waits_for_yes:
        return answer
    ticket.payer.phone.say_yes(town.now)
    if town.chance.one_in(2):
        relay.drain(now=town.now)
    return ask(town, ticket)


def give_up(town: Town, ticket: Ticket) -> Answer:
    """Give the sale up."""
    answer = send_and_hear(town, ticket, "DELETE")
    ticket.is_over = ticket.is_over or not answer.code
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


def send_and_hear(town: Town, ticket: Ticket, method: str, more: str = "", **sent: Any) -> Answer:
    """Make one call about a ticket, and remember its answer."""
    town.memory.sent(ticket)
    answer = send(ticket, method, more, **sent)
    town.memory.heard(ticket, answer)
    return answer


def expect(answer: Answer, *said: str) -> None:
    """Raise ``Breach`` unless the answer is one of these verdicts or codes of refusals."""
    if (answer.code or answer.body.get("verdict")) not in said:
        message = f"The till was told {answer}, not {' or '.join(said)}."
        raise Breach(message)
