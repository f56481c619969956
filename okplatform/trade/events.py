"""What upper apps hear about sales."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SaleEvent(Event):
    """Something happened to one sale; its events are handled in order."""

    aggregate_type: ClassVar[str] = "sale"

    sale_id: int
    uuid: str
    merchant_id: int
    mode: str

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the sale's internal id."""
        return str(self.sale_id)


@dataclass(frozen=True, kw_only=True)
class SaleClosed(SaleEvent):
    """A sale was paid. Amounts are in minor units of ``currency``; ``closed_at`` is ISO 8601."""

    type: ClassVar[str] = "trade.sale_closed"

    store_id: int
    channel: str
    person_id: int | None
    currency: str
    gross: int
    discount: int
    due: int
    points_earned: int
    tenders: Mapping[str, int]
    closed_at: str


@dataclass(frozen=True, kw_only=True)
class SaleCancelled(SaleEvent):
    """A sale was given up before it was paid; a store is known only if the till had named one."""

    type: ClassVar[str] = "trade.sale_cancelled"

    store_id: int | None
    cancelled_at: str


@dataclass(frozen=True, kw_only=True)
class SaleRefunded(SaleEvent):
    """Something came back of a sale, in a store that need not be the one that sold it.

    ``tenders`` says how much went back by what. Amounts are in minor units of ``currency``;
    ``returned_at`` is ISO 8601.
    """

    type: ClassVar[str] = "trade.sale_refunded"

    return_id: int
    return_uuid: str
    store_id: int
    person_id: int | None
    currency: str
    amount: int
    vat: int
    tenders: Mapping[str, int]
    returned_at: str


@dataclass(frozen=True, kw_only=True)
class CostsChanged(Event):
    """What products cost a merchant was written anew."""

    type: ClassVar[str] = "trade.costs_changed"
    aggregate_type: ClassVar[str] = "catalogue"

    merchant_id: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the merchant: it has one catalogue."""
        return str(self.merchant_id)
