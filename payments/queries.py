"""Reads: what an account holds and how it came to that, bank accounts, what paid a sale.

And what waits: the work queue of bank lines, and refunds on their way back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from okplatform.kernel.db import call
from okplatform.kernel.tenancy import person_scope
from payments.calendar import refund_from
from payments.ledger import AccountRef
from payments.models import (
    AccountLimit,
    Authorisation,
    BankAccount,
    BankEntry,
    BankPayment,
    BankPaymentPurpose,
    Collection,
    CollectionItem,
    Confirmation,
    EntryState,
    Letter,
    LetterKind,
    Mandate,
    OwnershipProof,
    PersonLimit,
    Suggestion,
)
from payments.models.bank_payment import FINAL
from payments.states import (
    BankPaymentState,
    CollectionState,
    ConfirmationState,
    FollowUp,
    LetterState,
    MandateState,
    ProofState,
    RefundState,
)

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

LEFT_IN = "SELECT coalesce(sum(amount), 0) FROM payments_collection_item WHERE collection_id = %s"

PAID_FROM = """
SELECT account.* FROM payments_payment payment
JOIN payments_bank_account account ON account.id = payment.bank_account_id
WHERE payment.sale_id = %s
"""

SHOPS_PAID = """
SELECT sale.id, merchant.name, sale.reference FROM trade_sale sale
JOIN parties_merchant merchant ON merchant.id = sale.merchant_id
WHERE sale.id = ANY(%s)
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


def ended_mandates_of(bank_account_ids: Sequence[int]) -> set[int]:
    """Return which of these accounts were signed for once and are not any more."""
    found = Mandate.objects.filter(bank_account_id__in=bank_account_ids)
    in_force = set(mandates_of(bank_account_ids))
    return {one.bank_account_id for one in found} - in_force


def debts() -> QuerySet[Collection]:
    """Return the collections that came back and are not being collected again, oldest first.

    And those that are announced again: their payer may be first. Not those of which nothing is
    left, and none that is about to be announced for less (``send_collections``).
    """
    comes_off = CollectionItem.objects.filter(
        bank_account=OuterRef("bank_account"), collection=None, amount__lt=0
    )
    open_again = Q(~Exists(comes_off), state=CollectionState.ANNOUNCED, attempt__gt=1)
    came_back = Q(state=CollectionState.RETURNED, retry=None) & ~Q(follow_up=FollowUp.REFUNDED)
    return (
        Collection.objects.filter(came_back | open_again)
        .select_related("bank_account")
        .order_by("pk")
    )


def left_in(collection_id: int) -> int:
    """Return what a collection's items come to, in minor units: refunds taken off."""
    return int(call(LEFT_IN, [collection_id])[0][0])


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


def purchases_at_bank(payment_id: int, *, person_id: int) -> QuerySet[BankPayment]:
    """Return what a person began to pay at banks for an online payment, the latest first."""
    found = BankPayment.objects.filter(
        purpose=BankPaymentPurpose.ONLINE,
        subject_id=payment_id,
        bank_account__person_id=person_id,
    )
    return found.select_related("bank_account").order_by("-pk")


def open_purchase_at_bank(payment_id: int) -> BankPayment | None:
    """Return the payment that somebody is making at a bank for an online payment, if any.

    Or has made, of which nobody has said yet what its money is for.
    """
    found = BankPayment.objects.filter(purpose=BankPaymentPurpose.ONLINE, subject_id=payment_id)
    begun = ~Q(state__in=FINAL) | Q(state=BankPaymentState.COMPLETED, allotted_at=None)
    return found.filter(begun).select_related("bank_account").first()


def bank_payments_to_allot(*, most: int) -> list[int]:
    """Return the payments of purchases of which nobody has said what their money is for."""
    waiting = BankPayment.objects.filter(
        purpose=BankPaymentPurpose.ONLINE,
        state=BankPaymentState.COMPLETED,
        allotted_at=None,
    )
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:most])


def due_letters(*, now: datetime, most: int) -> list[int]:
    """Return letters that are to be sent, the longest due first."""
    waiting = Letter.objects.filter(state=LetterState.WAITING, due_at__lte=now)
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:most])


def waiting_reminders() -> QuerySet[Letter]:
    """Return the reminders that still have to go, in that order."""
    waiting = Letter.objects.filter(kind=LetterKind.REMINDER, state=LetterState.WAITING)
    return waiting.order_by("number")


def statements_to_match_again() -> list[int]:
    """Return the statements whose lines came before we knew that we expected them.

    A payment at a bank may stand on a statement before its bank's interface says so.
    """
    return [row[0] for row in call(WAITED_FOR)]


def paid_from(sale_id: int) -> BankAccount | None:
    """Return the bank account that paid a sale, also if it was removed since."""
    return next(iter(BankAccount.objects.raw(PAID_FROM, [sale_id])), None)


def is_set_aside(sale_id: int) -> bool:
    """Say whether money is set aside for a sale of the open scope, to be captured or released."""
    return Authorisation.objects.filter(pk=sale_id, ended_at=None).exists()


def shops_paid(sale_ids: Sequence[int]) -> dict[int, str]:
    """Return, for each of a shopper's own sales paid with OK, the merchant and its reference."""
    rows = call(SHOPS_PAID, [list(sale_ids)])
    return {sale_id: " · ".join(filter(None, told)) for sale_id, *told in rows}


def waiting_confirmations(uuids: Sequence[str]) -> list[Confirmation]:
    """Return the questions among these that still wait; needs an operator's scope."""
    asked = Confirmation.objects.filter(uuid__in=uuids, state=ConfirmationState.ASKED)
    return list(asked.select_related("merchant").order_by("pk"))


def confirmation_of(sale_id: int) -> Confirmation | None:
    """Return what a sale of the merchant in scope asked its payer last."""
    return Confirmation.objects.filter(sale_id=sale_id).order_by("-pk").first()


def questions_for(person_id: int, *, now: datetime) -> QuerySet[Confirmation]:
    """Return what a person is asked and may still answer, the latest first."""
    with person_scope(person_id):
        asked: QuerySet[Confirmation] = Confirmation.objects.filter(state=ConfirmationState.ASKED)
    return asked.filter(deadline__gt=now).order_by("-pk")


def limit_of_account(bank_account_id: int) -> AccountLimit | None:
    """Return the limits of a bank account; None until it is first paid from or limited."""
    return AccountLimit.objects.filter(pk=bank_account_id).first()


def limit_of_person(person_id: int) -> PersonLimit | None:
    """Return the limits over all accounts of a person; None while they have none."""
    return PersonLimit.objects.filter(pk=person_id).first()


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


REFUNDS = """
SELECT refund.id, refund.sale_return_id, merchant.name, refund.amount, refund.currency,
    refund.state, account.bank, right(account.iban, 4),
    account.removed_at IS NOT NULL OR refund.attempt > 1 AND refund.pay_to_id IS NULL,
    purchase.collected_on, coalesce(terms.at_once, false) OR purchase.was_paid, refund.paid_on
FROM payments_refund refund
JOIN parties_merchant merchant ON merchant.id = refund.merchant_id
JOIN payments_bank_account account
    ON account.id = coalesce(refund.pay_to_id, refund.bank_account_id)
LEFT JOIN payments_refund_terms terms ON terms.merchant_id = refund.merchant_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN bool_and(coalesce(collection.state IN ('settled', 'paid'), false))
            THEN max(collection.settled_on) FILTER (WHERE collection.state = 'settled')
            END AS collected_on,
        -- What was paid at the bank before is no debt, and in no collection.
        coalesce(bool_and(coalesce(collection.state = 'paid', false)), true) AS was_paid
    FROM payments_debts_of(refund.payment_id, refund.mode) AS bought
    LEFT JOIN payments_collection_item item
        ON item.posting_id = bought.posting_id AND item.bank_account_id = refund.bank_account_id
    LEFT JOIN payments_collection collection ON collection.id = item.collection_id
) AS purchase
WHERE refund.state <> 'returned' AND {which}
ORDER BY refund.id DESC LIMIT %(most)s
"""
OF_PERSON = """refund.bank_account_id IN (
    SELECT id FROM payments_bank_account WHERE person_id = %(person)s AND mode = %(mode)s)"""
OF_SALE = """refund.payment_id = %(sale)s AND refund.bank_account_id IN (
    SELECT id FROM payments_bank_account WHERE person_id = %(person)s)"""
GIVEN_BACK = "refund.bank_payment_id = ANY(%(bank_payments)s)"
OF_RETURNS = "refund.sale_return_id = ANY(%(returns)s)"
MOST_REFUNDS = 50

SHOPS_REFUNDED = """
SELECT refund.id, merchant.name FROM payments_refund refund
JOIN parties_merchant merchant ON merchant.id = refund.merchant_id
WHERE refund.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class RefundProgress:
    """How far the money of a refund has come; ``amount`` in minor units.

    ``return_id`` is None for money that no sale took. ``bank`` and ``tail`` say where it goes.
    ``needs_account``: not there any more, the person chooses another. ``collected_on`` is None
    until the purchase was collected.
    """

    refund_id: int
    return_id: int | None
    shop: str
    amount: int
    currency: str
    state: str
    bank: str
    tail: str
    needs_account: bool
    collected_on: date | None
    at_once: bool
    paid_on: date | None

    @property
    def must_choose(self) -> bool:
        """Say whether it waits for the person to name an account."""
        return self.state == RefundState.WAITING and self.needs_account

    @property
    def goes_on(self) -> date | None:
        """Return the first day on which it may go, if that is known."""
        if self.state != RefundState.WAITING or self.at_once or self.collected_on is None:
            return None
        return refund_from(self.collected_on)


def refunds_of_person(person_id: int, *, mode: str) -> list[RefundProgress]:
    """Return what came back to a person, the newest first."""
    return _refunds(OF_PERSON, person=person_id, mode=mode)


def refunds_of_sale(sale_id: int, *, person_id: int) -> list[RefundProgress]:
    """Return what came back to this person of a sale, the newest first."""
    return _refunds(OF_SALE, sale=sale_id, person=person_id)


def given_back(bank_payment_ids: Sequence[int]) -> list[RefundProgress]:
    """Return what goes back of these payments at banks, because no sale took it."""
    return _refunds(GIVEN_BACK, bank_payments=list(bank_payment_ids))


def progress_of(return_ids: Sequence[int]) -> dict[int, RefundProgress]:
    """Return how far the OK part of each return is; for the shop, which is not told where to."""
    found = _refunds(OF_RETURNS, returns=list(return_ids))
    return {refund.return_id: refund for refund in found if refund.return_id is not None}


def _refunds(which: str, **params: object) -> list[RefundProgress]:
    rows = call(REFUNDS.format(which=which), {**params, "most": MOST_REFUNDS})
    return [RefundProgress(*row) for row in rows]


def shops_refunded(refund_ids: Sequence[int]) -> dict[int, str]:
    """Return the merchant's name for each of a shopper's own refunds."""
    return dict(call(SHOPS_REFUNDED, [list(refund_ids)]))
