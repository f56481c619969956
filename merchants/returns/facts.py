"""A refund as it is answered: facts about the sale, none about the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from okplatform.trade.facts import ReturnTenderFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBack:
    """A line that came back, with what it is called on the receipt."""

    number: int
    sku: str
    name: str
    quantity: int
    unit: str
    amount: int
    vat_rate_bp: int
    vat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFacts:
    """What one visit brought back; amounts in minor units.

    ``points`` are those that the member lost by it, ``points_owed`` the part that had been spent.
    ``points_given_back`` are those that had paid for it.
    ``return_id`` and ``request_hash`` are never answered.
    """

    return_id: int
    request_hash: bytes
    uuid: UUID
    sale: UUID
    store: str
    store_name: str
    terminal: str | None
    operator: str
    reason: str
    language: str
    currency: str
    amount: int
    vat: int
    lines: Sequence[LineBack]
    tenders: Sequence[ReturnTenderFacts]
    points: int
    points_owed: int
    points_given_back: int
    refunded_at: datetime
    is_training: bool = False
