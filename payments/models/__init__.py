"""Value: bank accounts, payments, what the bank says, fees, and the ledger that holds all of it."""

from payments.models.acquirer import (
    AcquirerAccount,
    AcquirerArrival,
    AcquirerBatch,
    AcquirerFile,
    AcquirerLine,
    AcquirerRule,
    ExternalTender,
    SettledState,
)
from payments.models.authorisation import Authorisation, Capture
from payments.models.bank_account import BankAccount, NameCheck, ProvedBy
from payments.models.bank_payment import BankPayment, BankPaymentPurpose
from payments.models.bank_statement import (
    BankEntry,
    BankFile,
    BankStatement,
    Doubt,
    EntryState,
    MatchRule,
    Suggestion,
)
from payments.models.bookkeeping_link import BookkeepingLink, BookkeepingPush, PushKind
from payments.models.collection import Collection, CollectionItem, SettlementMark
from payments.models.confirmation import Confirmation
from payments.models.entry_decision import EntryDecision
from payments.models.expectation import Expectation, ExpectationKind, ExpectationState, Match
from payments.models.fee import Fee
from payments.models.gift_card import (
    BookingKind,
    GiftCard,
    GiftCardBooking,
    GiftCardState,
    GiftCardTerms,
    KeptGiftCard,
    LoadTill,
    PaidBy,
    StoppedLoad,
)
from payments.models.house_account import HouseAccount, StatementKind
from payments.models.in_doubt import Evidence
from payments.models.invoice import (
    Invoice,
    InvoiceFile,
    InvoiceForm,
    InvoiceKind,
    InvoiceLine,
    InvoiceSeries,
)
from payments.models.ledger import Account, AccountKind, Balance, Entry, Fold, Posting
from payments.models.letter import Letter, LetterKind
from payments.models.limits import AccountLimit, PersonLimit
from payments.models.mandate import Mandate
from payments.models.outgoing_file import FileKind, OutgoingFile
from payments.models.ownership_proof import MOST_TRIES, OwnershipProof
from payments.models.payment import Payment
from payments.models.payout import Payout, PayoutItem, PayoutTerms
from payments.models.plan import MerchantPlan, Plan, PlanPrice
from payments.models.refund import Refund, RefundTerms

__all__ = [
    "MOST_TRIES",
    "Account",
    "AccountKind",
    "AccountLimit",
    "AcquirerAccount",
    "AcquirerArrival",
    "AcquirerBatch",
    "AcquirerFile",
    "AcquirerLine",
    "AcquirerRule",
    "Authorisation",
    "Balance",
    "BankAccount",
    "BankEntry",
    "BankFile",
    "BankPayment",
    "BankPaymentPurpose",
    "BankStatement",
    "BookingKind",
    "BookkeepingLink",
    "BookkeepingPush",
    "Capture",
    "Collection",
    "CollectionItem",
    "Confirmation",
    "Doubt",
    "Entry",
    "EntryDecision",
    "EntryState",
    "Evidence",
    "Expectation",
    "ExpectationKind",
    "ExpectationState",
    "ExternalTender",
    "Fee",
    "FileKind",
    "Fold",
    "GiftCard",
    "GiftCardBooking",
    "GiftCardState",
    "GiftCardTerms",
    "HouseAccount",
    "Invoice",
    "InvoiceFile",
    "InvoiceForm",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceSeries",
    "KeptGiftCard",
    "Letter",
    "LetterKind",
    "LoadTill",
    "Mandate",
    "Match",
    "MatchRule",
    "MerchantPlan",
    "NameCheck",
    "OutgoingFile",
    "OwnershipProof",
    "PaidBy",
    "Payment",
    "Payout",
    "PayoutItem",
    "PayoutTerms",
    "PersonLimit",
    "Plan",
    "PlanPrice",
    "Posting",
    "ProvedBy",
    "PushKind",
    "Refund",
    "RefundTerms",
    "SettledState",
    "SettlementMark",
    "StatementKind",
    "StoppedLoad",
    "Suggestion",
]
