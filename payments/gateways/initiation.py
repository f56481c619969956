"""The door to a bank where a person approves a payment to us at once."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A payment as we ask a bank for it; ``amount`` in cents.

    ``request_id`` names the request: sent again it is the same one. ``psu_ip`` is the address from
    which the person asked. The bank sends the person back to ``return_url``, whatever became of it.
    """

    request_id: UUID
    end_to_end_id: str
    amount: int
    debtor_iban: str
    creditor_iban: str
    creditor_name: str
    text: str
    psu_ip: str
    return_url: str


@dataclass(frozen=True, slots=True)
class Initiated:
    """What the bank calls it, where it stands there, and where the person approves it."""

    payment_id: str
    status: str
    approval_url: str


class InitiationRefusedError(Exception):
    """The bank does not want this request: it says so, and nothing has happened there."""


class InitiationGateway(Protocol):
    """How a payment is initiated at a bank, and asked after.

    Both raise ``GatewayError`` where the bank did not answer, or not as agreed: what it did is then
    not known. Neither may run inside a transaction.
    """

    def initiate(self, wanted: Wanted) -> Initiated:
        """Ask for a payment; raises ``InitiationRefusedError`` where the bank says no."""

    def status(self, payment_id: str) -> str:
        """Return where a payment stands (ISO 20022 ExternalPaymentTransactionStatus1Code)."""
