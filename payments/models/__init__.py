"""Value: bank accounts, payments, what the bank says, and the ledger that holds all of value."""

from payments.models.bank_account import BankAccount
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
from payments.models.confirmation import Confirmation
from payments.models.expectation import Expectation, ExpectationKind, ExpectationState, Match
from payments.models.house_account import HouseAccount, StatementKind
from payments.models.ledger import Account, AccountKind, Balance, Entry, Fold, Posting
from payments.models.limits import AccountLimit, PersonLimit
from payments.models.mandate import Mandate
from payments.models.outgoing_file import FileKind, OutgoingFile
from payments.models.payment import Payment
from payments.models.payout import Payout, PayoutItem, PayoutTerms

__all__ = [
    "Account",
    "AccountKind",
    "AccountLimit",
    "Balance",
    "BankAccount",
    "BankEntry",
    "BankFile",
    "BankStatement",
    "Collection",
    "CollectionItem",
    "Confirmation",
    "Doubt",
    "Entry",
    "EntryState",
    "Expectation",
    "ExpectationKind",
    "ExpectationState",
    "FileKind",
    "Fold",
    "HouseAccount",
    "Mandate",
    "Match",
    "MatchRule",
    "OutgoingFile",
    "Payment",
    "Payout",
    "PayoutItem",
    "PayoutTerms",
    "PersonLimit",
    "Posting",
    "SettlementMark",
    "StatementKind",
    "Suggestion",
]
