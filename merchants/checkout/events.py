"""What the checkout tells of online payments and links: webhooks listen, and open pages.

Amounts in minor units of ``currency``.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PaymentEvent(Event):
    """Something happened to one online payment; its events are handled in order.

    ``id`` is the payment as the API names it, ``link`` the link it came by and ``sale`` what it
    became, once that is final, as the API names those. ``asked`` is the shop's price; ``amount``
    what the shopper confirmed, before that the same; ``captured`` what was taken of it so far, and
    ``released`` what never will be.
    """

    aggregate_type: ClassVar[str] = "online_payment"

    payment_id: int
    id: str
    merchant_id: int
    mode: str
    state: str
    reference: str
    link: str | None
    sale: str | None
    currency: str
    asked: int
    amount: int
    captured: int
    released: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the payment's internal id."""
        return str(self.payment_id)


@dataclass(frozen=True, kw_only=True)
class PaymentCreated(PaymentEvent):
    """A shop, or a link, asks for money."""

    type: ClassVar[str] = "merchants.payment_created"


@dataclass(frozen=True, kw_only=True)
class PaymentPresented(PaymentEvent):
    """Somebody opened its page, for the first time."""

    type: ClassVar[str] = "merchants.payment_presented"


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorised(PaymentEvent):
    """A shopper confirmed; the amount is set aside for the shop to capture."""

    type: ClassVar[str] = "merchants.payment_authorised"


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(PaymentEvent):
    """Money was taken: all of it, a part, or the last part (``state`` says which)."""

    type: ClassVar[str] = "merchants.payment_captured"


@dataclass(frozen=True, kw_only=True)
class PaymentDeclined(PaymentEvent):
    """The shopper does not want to pay."""

    type: ClassVar[str] = "merchants.payment_declined"


@dataclass(frozen=True, kw_only=True)
class PaymentCancelled(PaymentEvent):
    """The shop does not want the money any more, or somebody else has paid the link."""

    type: ClassVar[str] = "merchants.payment_cancelled"


@dataclass(frozen=True, kw_only=True)
class PaymentExpired(PaymentEvent):
    """Nobody paid in time, or nothing was captured in time."""

    type: ClassVar[str] = "merchants.payment_expired"


@dataclass(frozen=True, kw_only=True)
class LinkEvent(Event):
    """Something happened to a payment link."""

    aggregate_type: ClassVar[str] = "payment_link"

    link_id: int
    id: str
    merchant_id: int
    mode: str

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the link's internal id."""
        return str(self.link_id)


@dataclass(frozen=True, kw_only=True)
class LinkCreated(LinkEvent):
    """Whoever has its address can pay."""

    type: ClassVar[str] = "merchants.payment_link_created"


@dataclass(frozen=True, kw_only=True)
class LinkClosed(LinkEvent):
    """Nobody can pay by it any more; what was begun can still be paid."""

    type: ClassVar[str] = "merchants.payment_link_closed"
