"""Value: bank accounts, payments, what the bank says, and the ledger that holds all of value."""

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
from payments.models.collection import Collection, CollectionItem, SettlementMark
from payments.models.expectation import Expectation, ExpectationKind, ExpectationState, Match
from payments.models.house_account import HouseAccount, StatementKind
from payments.models.ledger import Account, AccountKind, Balance, Entry, Fold, Posting
from payments.models.letter import Letter, LetterKind
from payments.models.mandate import Mandate
from payments.models.outgoing_file import FileKind, OutgoingFile
from payments.models.ownership_proof import MOST_TRIES, OwnershipProof
from payments.models.payment import Payment
from payments.models.payout import Payout, PayoutItem, PayoutTerms

__all__ = [
    "MOST_TRIES",
    "Account",
    "AccountKind",
    "Balance",
    "BankAccount",
    "BankEntry",
    "BankFile",
    "BankPayment",
    "BankPaymentPurpose",
    "BankStatement",
    "Collection",
    "CollectionItem",
    "Doubt",
    "Entry",
    "EntryState",
    "Expectation",
    "ExpectationKind",
    "ExpectationState",
    "FileKind",
    "Fold",
    "HouseAccount",
    "Letter",
    "LetterKind",
    "Mandate",
    "Match",
    "MatchRule",
    "NameCheck",
    "OutgoingFile",
    "OwnershipProof",
    "Payment",
    "Payout",
    "PayoutItem",
    "PayoutTerms",
    "Posting",
    "ProvedBy",
    "SettlementMark",
    "StatementKind",
    "Suggestion",
]
