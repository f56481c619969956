"""The bodies of the money API: the contract, as the OpenAPI document shows it."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from okplatform.kernel.api.views import Answer


class LedgerEntry(Answer):
    """One entry of one of the merchant's accounts; it never changes."""

    cursor: str = Field(description="Where the feed goes on behind this entry.")
    posting_id: int = Field(description="The same for all entries of one booking.")
    account: str = Field(description="`merchant_payable`: what OK owes the merchant.")
    kind: str = Field(description="`sale_paid`, `part_captured`, `payout_ordered`, …")
    amount: int = Field(description="Minor units (cents). Above zero, OK owes the merchant more.")
    currency: str
    booked_at: datetime = Field(description="When it happened.")
    recorded_at: datetime = Field(description="When it was written.")
    sale: UUID | None = Field(description="The till's UUID of the sale that was paid.")
    payout: str | None = Field(description="The payout's reference on the bank statement.")
    invoice: str | None = Field(description="The number of OK's invoice or credit note.")


class LedgerEntries(Answer):
    """A page of the feed."""

    entries: list[LedgerEntry]
    next: str = Field(description="Send it as `after` to go on; keep it between calls.")
    more: bool = Field(description="Whether there is more behind it now.")
