"""What webshops were told of each payment online. Whatever comes later must agree with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from demo.simulate.breaches import Breach
from demo.simulate.cast import Shopper, Till
from demo.simulate.memory import Ticket

AUTOMATIC, MANUAL = "automatic", "manual"
AUTHORISED, PARTLY, CAPTURED = "authorised", "partially_captured", "captured"
HELD = (AUTHORISED, PARTLY)
DECLINED, CANCELLED, EXPIRED = "declined", "cancelled", "expired"
ENDED = (CAPTURED, DECLINED, CANCELLED, EXPIRED)


@dataclass(slots=True)
class Link:
    """A payment link as its shop knows it, with what was begun by it."""

    name: str
    till: Till
    body: Mapping[str, Any]
    id: UUID | None = None
    token: str = ""
    orders: list["Order"] = field(default_factory=list)


class Standing(NamedTuple):
    """How a payment stands by an answer, in cents; ``amount`` is what a shopper confirmed."""

    state: str
    amount: int | None
    captured: int
    released: int


NEW = Standing("created", None, 0, 0)


@dataclass(slots=True)
class Order:
    """One order of a webshop, which OK's page lets pay; or what somebody began by a link.

    ``id`` and ``token`` (of the page) are unknown until the shop is told. ``stands`` is what holds
    unless it ``is_in_doubt``: something was sent since, and nothing was heard. ``ticket`` is the
    sale, once its shop was told that it is closed. Of one that ``is_forgotten`` the shop captures
    nothing more.
    """

    name: str
    till: Till
    body: Mapping[str, Any]
    link: Link | None = None
    payer: Shopper | None = None
    id: UUID | None = None
    token: str = ""
    stands: Standing = NEW
    is_in_doubt: bool = True
    ticket: Ticket | None = None
    parts: int = 0
    capture_until: datetime | None = None
    is_forgotten: bool = False

    @property
    def is_manual(self) -> bool:
        """Say whether its shop captures later."""
        return self.body.get("capture") == MANUAL

    @property
    def left(self) -> int:
        """Return what may still be captured, in cents."""
        is_held = self.stands.state in HELD
        return (self.stands.amount or 0) - self.stands.captured if is_held else 0


@dataclass(slots=True)
class Orders:
    """Every order by its name, the links, and the orders that this step was about."""

    known: dict[str, Order] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    touched: dict[str, Order] = field(default_factory=dict)
    by_payment: dict[UUID, Order] = field(default_factory=dict)

    def open_order(self, till: Till, body: Mapping[str, Any], link: Link | None = None) -> Order:
        """Remember an order before anything is asked for it, as a webshop does."""
        name = f"order-{len(self.known) + 1}"
        order = self.known[name] = Order(name, till, {**body, "reference": name}, link)
        if link is not None:
            link.orders.append(order)
        return order

    def open_link(self, till: Till, body: Mapping[str, Any]) -> Link:
        """Remember a link before it is asked for."""
        name = f"link-{len(self.links) + 1}"
        link = self.links[name] = Link(name, till, {**body, "reference": name})
        return link

    def sent(self, order: Order) -> None:
        """Remember that something is on its way: until it is answered nobody knows."""
        order.is_in_doubt = True
        self.touched[order.name] = order

    def begun(self, order: Order, *, uuid: UUID, token: str) -> None:
        """Remember which payment and which page are this order's; raises ``Breach`` for another."""
        if order.id not in {None, uuid}:
            message = f"{order.name} has payment {order.id}, and was told another."
            raise Breach(message)
        order.id, order.token = uuid, token
        self.by_payment[uuid] = order

    def heard(self, order: Order, now: Standing) -> None:
        """Remember how it stands; raises ``Breach`` when that takes back what was said before."""
        self.touched[order.name] = order
        before = order.stands
        for is_wrong in (
            before.state in ENDED and now != before,
            before.amount is not None and now.amount != before.amount,
            now.captured < before.captured,
            now.captured != before.captured and not order.is_in_doubt,
        ):
            if is_wrong:
                message = f"{order.name} was told {before}, and now {now}."
                raise Breach(message)
        _check(order, now)
        order.stands, order.is_in_doubt = now, False

    def confirmed(self, order: Order, *, payer: Shopper, amount: int) -> None:
        """Remember that the page told a shopper: this is paid, or promised."""
        order.payer = payer
        taken = 0 if order.is_manual else amount
        state = AUTHORISED if order.is_manual else CAPTURED
        self.sent(order)
        self.heard(order, Standing(state, amount, taken, 0))

    def took(self, order: Order, part: int, now: Standing) -> None:
        """Remember a part that was captured, beside what had been captured before."""
        before = order.stands.captured
        self.sent(order)
        self.heard(order, now)
        if now.captured != before + part:
            message = f"{order.name} captured {part} cents, and went from {before} to {now}."
            raise Breach(message)

    def held(self, now: datetime) -> list[Order]:
        """Return the orders of which something may still be captured, as their shops know."""
        return [
            one
            for one in self.known.values()
            if one.left and not (one.is_in_doubt or one.is_forgotten)
            if one.capture_until is not None and one.capture_until > now
        ]

    def unfinished(self) -> Iterator[Order]:
        """Yield the orders whose shops still have to ask: what became of it, or of its sale."""
        for order in self.known.values():
            is_open = order.is_in_doubt or order.stands.state not in ENDED
            if is_open or (order.stands.state == CAPTURED and order.ticket is None):
                yield order


def _check(order: Order, now: Standing) -> None:
    """Hold one answer against itself; raises ``Breach``."""
    left = (now.amount or 0) - now.captured
    if (
        left < 0
        or (now.captured > 0) is not (now.state in {PARTLY, CAPTURED})
        or now.released != (left if now.state in ENDED else 0)
        or (now.state in HELD and not left)
    ):
        message = f"{order.name} was told {now}, which does not add up."
        raise Breach(message)
