"""Value: bank accounts, payments, and the ledger that holds everything of value."""

from payments.models.bank_account import BankAccount
from payments.models.ledger import Account, AccountKind, Balance, Entry, Fold, Posting
from payments.models.payment import Payment

__all__ = [
    "Account",
    "AccountKind",
    "Balance",
    "BankAccount",
    "Entry",
    "Fold",
    "Payment",
    "Posting",
]
