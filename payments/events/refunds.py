"""What payments tells of refunds. Amounts in minor units."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RefundEvent(Event):
    """Something happened to the money of one refund; its events are handled in order."""

    aggregate_type: ClassVar[str] = "refund"

    refund_id: int
    bank_account_id: int
    amount: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the refund's id."""
        return str(self.refund_id)


@dataclass(frozen=True, kw_only=True)
class RefundSetOff(RefundEvent):
    """It lowered what the shopper owes; no bank hears of it."""

    type: ClassVar[str] = "payments.refund_set_off"


@dataclass(frozen=True, kw_only=True)
class RefundOrdered(RefundEvent):
    """It is on its way to the shopper's bank."""

    type: ClassVar[str] = "payments.refund_ordered"


@dataclass(frozen=True, kw_only=True)
class RefundPaid(RefundEvent):
    """It left OK's account."""

    type: ClassVar[str] = "payments.refund_paid"

    paid_on: str


@dataclass(frozen=True, kw_only=True)
class RefundUnsettled(RefundEvent):
    """That it had left OK's account was a mistake: it is still on its way."""

    type: ClassVar[str] = "payments.refund_unsettled"


@dataclass(frozen=True, kw_only=True)
class RefundDoubted(RefundEvent):
    """The bank timed out (``code``): nobody knows whether it left, or will."""

    type: ClassVar[str] = "payments.refund_doubted"

    code: str


@dataclass(frozen=True, kw_only=True)
class RefundReturned(RefundEvent):
    """It came back, for the bank's ``reason``: the shopper chooses another account for it.

    Unless the bank had timed out (``payments.states.UNCERTAIN``): then it is paid again.
    """

    type: ClassVar[str] = "payments.refund_returned"

    reason: str
