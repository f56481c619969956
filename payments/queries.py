"""Reads: what an account holds and how it came to that, bank accounts, what paid a sale.

And what waits for a person: the work queue of bank lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from okplatform.kernel.db import call
from payments.ledger import AccountRef
from payments.models import (
    BankAccount,
    BankEntry,
    BankPayment,
    Collection,
    EntryState,
    Letter,
    Mandate,
    OwnershipProof,
    Suggestion,
)
from payments.models.bank_payment import FINAL
from payments.states import CollectionState, LetterState, MandateState, ProofState

BALANCE = "SELECT ledger_balance(%s)"
BALANCE_OF = "SELECT ledger_balance_for(%s, %s, %s, %s)"

# The balance after each line counts back from the exact one, in the same statement: one snapshot.
STATEMENT = """
WITH found AS (
    SELECT id, ledger_balance(id) AS balance FROM payments_account
    WHERE owner_id = %(owner)s AND kind = %(kind)s AND asset = %(asset)s AND mode = %(mode)s
)
SELECT posting.booked_at, posting.kind, posting.reference, line.amount,
    found.balance - coalesce(sum(line.amount) OVER (
        ORDER BY line.xid DESC, line.posting_id DESC, line.number DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS balance
FROM found
CROSS JOIN LATERAL (
    SELECT xid, posting_id, number, amount FROM payments_entry
    WHERE account_id = found.id ORDER BY xid DESC, posting_id DESC, number DESC LIMIT %(limit)s
) AS line
JOIN payments_posting posting ON posting.id = line.posting_id
ORDER BY line.xid DESC, line.posting_id DESC, line.number DESC
"""

WAITED_FOR = """
SELECT DISTINCT entry.statement_id FROM payments_expectation expectation
JOIN payments_bank_entry entry ON entry.house_account_id = expectation.house_account_id
    AND entry.state = 'queued' AND entry.end_to_end_id = expectation.end_to_end_id
    AND entry.amount = expectation.outstanding
WHERE expectation.kind = 'bank_payment' AND expectation.state = 'open'
"""

PAID_FROM = """
SELECT account.* FROM payments_payment payment
JOIN payments_bank_account account ON account.id = payment.bank_account_id
WHERE payment.sale_id = %s
"""

SHOPS_PAID = """
SELECT payment.sale_id, merchant.name FROM payments_payment payment
JOIN parties_merchant merchant ON merchant.id = payment.merchant_id
WHERE payment.sale_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of an account, with what the account held after it."""

    booked_at: datetime
    kind: str
    reference: str
    amount: int
    balance: int


def balance(account_id: int) -> int:
    """Return what an account holds, exactly; positive means that OK owes the holder."""
    return int(call(BALANCE, [account_id])[0][0])


def balance_of(ref: AccountRef, *, mode: str) -> int:
    """Return what an account holds by name; 0 where nothing was ever booked."""
    return int(call(BALANCE_OF, [ref.kind, ref.owner_id, ref.asset, mode])[0][0])


def statement(ref: AccountRef, *, mode: str, limit: int) -> list[StatementLine]:
    """Return the last lines of an account, newest first."""
    rows = call(
        STATEMENT,
        {
            "kind": ref.kind,
            "owner": ref.owner_id,
            "asset": ref.asset,
            "mode": mode,
            "limit": limit,
        },
    )
    return [StatementLine(*row) for row in rows]


def bank_accounts_of(person_id: int, *, mode: str) -> QuerySet[BankAccount]:
    """Return the bank accounts that a person pays from, the first added first."""
    return BankAccount.objects.filter(person_id=person_id, mode=mode, removed_at=None).order_by(
        "added_at", "pk"
    )


def mandates_of(bank_account_ids: Sequence[int]) -> dict[int, Mandate]:
    """Return the mandate in force of each of these bank accounts that has one."""
    found = Mandate.objects.filter(bank_account_id__in=bank_account_ids, state=MandateState.ACTIVE)
    return {mandate.bank_account_id: mandate for mandate in found}


def debts() -> QuerySet[Collection]:
    """Return the collections that came back and are not being collected again, oldest first.

    And those that are announced again: their payer may be first.
    """
    open_again = Q(state=CollectionState.ANNOUNCED, attempt__gt=1)
    came_back = Q(state=CollectionState.RETURNED, retry=None)
    return (
        Collection.objects.filter(came_back | open_again)
        .select_related("bank_account")
        .order_by("pk")
    )


def open_proofs_of(bank_account_ids: Sequence[int]) -> dict[int, OwnershipProof]:
    """Return the attempt that is under way to prove each of these accounts that has one."""
    found = OwnershipProof.objects.filter(
        bank_account_id__in=bank_account_ids, state__in=(ProofState.REQUESTED, ProofState.SENT)
    )
    return {proof.bank_account_id: proof for proof in found}


def due_bank_payments(*, now: datetime) -> list[int]:
    """Return the payments at banks that are to be asked after, the longest waiting first."""
    open_ones = BankPayment.objects.exclude(state__in=FINAL).filter(next_poll_at__lte=now)
    return list(open_ones.order_by("next_poll_at").values_list("pk", flat=True))


def due_letters(*, now: datetime, most: int) -> list[int]:
    """Return letters that are to be sent, the longest due first."""
    waiting = Letter.objects.filter(state=LetterState.WAITING, due_at__lte=now)
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:most])


def statements_to_match_again() -> list[int]:
    """Return the statements whose lines came before we knew that we expected them.

    A payment at a bank may stand on a statement before its bank's interface says so.
    """
    return [row[0] for row in call(WAITED_FOR)]


def paid_from(sale_id: int) -> BankAccount | None:
    """Return the bank account that paid a sale, also if it was removed since."""
    return next(iter(BankAccount.objects.raw(PAID_FROM, [sale_id])), None)


def shops_paid(sale_ids: Sequence[int]) -> dict[int, str]:
    """Return the merchant's name for each of a shopper's own sales that were paid with OK."""
    return dict(call(SHOPS_PAID, [list(sale_ids)]))


def work_queue(*, mode: str) -> QuerySet[BankEntry]:
    """Return the bank lines that wait for a person, the oldest first."""
    queued = BankEntry.objects.filter(mode=mode, state=EntryState.QUEUED)
    return queued.select_related("house_account", "statement").order_by("booked_on", "pk")


def suggestions_for(entry_ids: Sequence[int]) -> dict[int, list[Suggestion]]:
    """Return what each of these lines may have come for, the likeliest first."""
    found: dict[int, list[Suggestion]] = {}
    suggestions = Suggestion.objects.filter(entry_id__in=entry_ids).select_related("expectation")
    for suggestion in suggestions.order_by("entry_id", "rank"):
        found.setdefault(suggestion.entry_id, []).append(suggestion)
    return found
