"""What OK's work costs shops, worked out again from what tills were told."""

from collections.abc import Collection, Mapping
from uuid import UUID

from demo.simulate.breaches import Breach
from demo.simulate.memory import HAPPENED, Ticket
from okplatform.kernel import db
from okplatform.kernel.money import half_up
from okplatform.parties.models import Channel

ACCRUED = """
SELECT sale.uuid, sum(fee.amount)::bigint FROM payments_fee fee
JOIN trade_sale sale ON sale.id = fee.sale_id
WHERE fee.kind IN ('payment', 'refund') GROUP BY sale.uuid
"""


def prove_fees(tickets: Mapping[UUID, Ticket], *, unheard: Collection[UUID]) -> None:
    """Prove that each sale cost what its shop's plan says, less what its refunds gave back.

    ``unheard`` are sales of which a webshop may not know yet; whatever else cost something was
    sold by nobody. Needs every event handled; raises ``Breach``.
    """
    accrued = dict(db.call(ACCRUED))
    for uuid in accrued.keys() - tickets.keys() - set(unheard):
        message = f"Sale {uuid} cost its shop {accrued[uuid]}, and was never paid."
        raise Breach(message)
    for ticket in tickets.values():
        if ticket.verdict is None or ticket.is_in_doubt:
            continue
        expected = _fee(ticket) if ticket.verdict == HAPPENED and ticket.paid_with_ok else 0
        if accrued.get(ticket.uuid, 0) != expected:
            message = (
                f"Sale {ticket.uuid} cost its shop {accrued.get(ticket.uuid, 0)}; by its plan it"
                f" is {expected} (1/100 cents)."
            )
            raise Breach(message)


def _fee(ticket: Ticket) -> int:
    prices = ticket.till.prices
    rate = prices.online if ticket.till.channel == Channel.ONLINE else prices.in_store
    fee = rate.on(ticket.paid_with_ok)
    given_back = sum(back.by_ok for back in ticket.backs)
    if not prices.returns_fees or not given_back:
        return fee
    return fee - half_up(fee * given_back, ticket.paid_with_ok)
