"""What the bank finds wrong with a file, a batch or a transaction.

Codes are of ISO 20022's ExternalStatusReason1Code list; an empty one means that nothing is wrong.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from demo.bank.books import Books
from demo.bank.pain import Batch, PainFile, Wish
from demo.bank.values import cents, is_iban

DUPLICATE_MESSAGE = "DU01"
DUPLICATE_BATCH = "DU02"
WRONG_CONTROL_SUM = "AM10"
WRONG_COUNT = "AM18"
NO_AMOUNT = "AM01"
NOT_IN_EUROS = "AM03"
UNREADABLE_AMOUNT = "AM12"
WRONG_DATE = "DT01"
WRONG_IBAN = "AC01"

FAULTS = {
    DUPLICATE_MESSAGE: "The message id was used before.",
    WRONG_CONTROL_SUM: "The control sum is not the sum of the amounts.",
    WRONG_COUNT: "The number of transactions is not the number of them.",
}
"""What is wrong with a whole file, in a sentence."""

FURTHEST_AHEAD = timedelta(days=365)


def fault_of_file(books: Books, file: PainFile) -> str:
    """Check what concerns the whole file."""
    wishes = [wish for batch in file.batches for wish in batch.wishes]
    if books.rows("SELECT 1 FROM message WHERE id = ?", file.message_id):
        return DUPLICATE_MESSAGE
    return _fault_of_totals(wishes, file.count, file.control_sum)


def fault_of_batch(books: Books, batch: Batch, *, today: date) -> str:
    """Check what concerns one PmtInf: its account, its day, its totals."""
    if books.rows("SELECT 1 FROM payment WHERE batch_id = ? LIMIT 1", batch.id):
        return DUPLICATE_BATCH
    if not is_iban(batch.iban):
        return WRONG_IBAN
    if not today <= batch.day <= today + FURTHEST_AHEAD:
        return WRONG_DATE
    return _fault_of_totals(batch.wishes, batch.count, batch.control_sum)


def fault_of_wish(wish: Wish) -> str:
    """Check what concerns one transaction."""
    amount = cents(wish.amount)
    if wish.currency != "EUR":
        return NOT_IN_EUROS
    if amount is None:
        return UNREADABLE_AMOUNT
    if amount == 0:
        return NO_AMOUNT
    return "" if is_iban(wish.iban) else WRONG_IBAN


def _fault_of_totals(wishes: Iterable[Wish], count: int | None, control_sum: str) -> str:
    amounts = [Decimal(wish.amount) for wish in wishes]
    if count is not None and count != len(amounts):
        return WRONG_COUNT
    return WRONG_CONTROL_SUM if control_sum and Decimal(control_sum) != sum(amounts) else ""
