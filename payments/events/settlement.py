"""What payments tells of settlement: accounts, mandates, collections, payouts.

Amounts are in minor units.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OwnershipProved(Event):
    """A bank account is its shopper's own; ``proved_by`` says how (``models.ProvedBy``)."""

    type: ClassVar[str] = "payments.ownership_proved"
    aggregate_type: ClassVar[str] = "bank_account"

    bank_account_id: int
    person_id: int
    proved_by: str

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the bank account's id."""
        return str(self.bank_account_id)


@dataclass(frozen=True, kw_only=True)
class MandateSigned(Event):
    """OK may collect from a bank account from now on."""

    type: ClassVar[str] = "payments.mandate_signed"
    aggregate_type: ClassVar[str] = "mandate"

    mandate_id: int
    bank_account_id: int
    person_id: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the mandate's id."""
        return str(self.mandate_id)


@dataclass(frozen=True, kw_only=True)
class MandateClosed(MandateSigned):
    """OK may no longer collect; ``reason`` is "withdrawn" or the bank's code."""

    type: ClassVar[str] = "payments.mandate_closed"

    reason: str


@dataclass(frozen=True, kw_only=True)
class CollectionEvent(Event):
    """Something happened to one collection; its events are handled in order."""

    aggregate_type: ClassVar[str] = "collection"

    collection_id: int
    bank_account_id: int
    person_id: int
    amount: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the collection's id."""
        return str(self.collection_id)


@dataclass(frozen=True, kw_only=True)
class CollectionAnnounced(CollectionEvent):
    """An amount will be collected on ``due_on`` (ISO 8601): the shopper must hear of it now."""

    type: ClassVar[str] = "payments.collection_announced"

    mandate: str
    due_on: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class CollectionSettled(CollectionEvent):
    """The amount is on OK's account."""

    type: ClassVar[str] = "payments.collection_settled"

    settled_on: str


@dataclass(frozen=True, kw_only=True)
class CollectionUnsettled(CollectionEvent):
    """That it was on OK's account was a mistake: it is still on its way."""

    type: ClassVar[str] = "payments.collection_unsettled"


@dataclass(frozen=True, kw_only=True)
class CollectionReturned(CollectionEvent):
    """The amount did not come, or went back; the shopper owes it again.

    ``reason`` is the bank's code, ``follow_up`` what OK does (``payments.states.FollowUp``);
    ``retry_on`` (ISO 8601) is empty unless it is collected once more.
    """

    type: ClassVar[str] = "payments.collection_returned"

    reason: str
    follow_up: str
    dunning_level: int
    retry_on: str


@dataclass(frozen=True, kw_only=True)
class BankPaymentCompleted(Event):
    """What a person approved at the bank is on our account; the bank will not take it back.

    ``purpose`` and ``subject_id`` say what it was for (``models.BankPaymentPurpose``).
    """

    type: ClassVar[str] = "payments.bank_payment_completed"
    aggregate_type: ClassVar[str] = "bank_payment"

    bank_payment_id: int
    purpose: str
    subject_id: int
    amount: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the payment's id."""
        return str(self.bank_payment_id)


@dataclass(frozen=True, kw_only=True)
class BankPaymentGivenBack(BankPaymentCompleted):
    """``amount`` of what was paid for a purchase goes back: no sale takes it, or no more of it."""

    type: ClassVar[str] = "payments.bank_payment_given_back"

    refund_id: int


@dataclass(frozen=True, kw_only=True)
class BankPaymentFailed(BankPaymentCompleted):
    """Nothing was paid, and nothing will be; ``state`` is "rejected" or "cancelled"."""

    type: ClassVar[str] = "payments.bank_payment_failed"

    state: str


@dataclass(frozen=True, kw_only=True)
class PayoutEvent(Event):
    """Something happened to one payout; its events are handled in order."""

    aggregate_type: ClassVar[str] = "payout"

    payout_id: int
    amount: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the payout's id."""
        return str(self.payout_id)


@dataclass(frozen=True, kw_only=True)
class PayoutOrdered(PayoutEvent):
    """An amount is on its way to the merchant, the sum of ``items`` bookings."""

    type: ClassVar[str] = "payments.payout_ordered"

    items: int


@dataclass(frozen=True, kw_only=True)
class PayoutPaid(PayoutEvent):
    """The amount left OK's account."""

    type: ClassVar[str] = "payments.payout_paid"

    paid_on: str


@dataclass(frozen=True, kw_only=True)
class PayoutUnsettled(PayoutEvent):
    """That it had left OK's account was a mistake: it is still on its way."""

    type: ClassVar[str] = "payments.payout_unsettled"


@dataclass(frozen=True, kw_only=True)
class PayoutDoubted(PayoutEvent):
    """The bank timed out (``code``): nobody knows whether the amount left, or will."""

    type: ClassVar[str] = "payments.payout_doubted"

    code: str


@dataclass(frozen=True, kw_only=True)
class PayoutReturned(PayoutEvent):
    """The amount came back, for the bank's ``reason``: the merchant's account must be set anew.

    Unless the bank had timed out (``payments.states.UNCERTAIN``): then it is paid out again.
    """

    type: ClassVar[str] = "payments.payout_returned"

    reason: str
