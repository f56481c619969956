"""Give the OK part of what came back to the shopper, at the merchant's expense."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.errors import Refusal
from payments.actions.set_off import set_off
from payments.chart import (
    MERCHANT_PAYABLE,
    REFUNDS_PAYABLE,
    STORE_SETTLEMENT,
)
from payments.ledger import AccountRef, BalanceTooLow, post
from payments.models import Refund
from payments.postings import (
    REFUND_ELSEWHERE,
    REFUND_OWED,
)
from payments.readiness import hold_account
from payments.settlement import next_id
from payments.states import CollectionState

# With what of it was lent: nothing, where the shopper had paid at the bank and that stands.
PAID = """
SELECT payment.bank_account_id, payment.currency, sale.store_id,
    CASE WHEN paid.id IS NULL OR paid.returned_on IS NOT NULL THEN payment.amount ELSE 0 END
FROM payments_payment payment JOIN trade_sale sale ON sale.id = payment.sale_id
LEFT JOIN payments_authorisation held ON held.sale_id = payment.sale_id
LEFT JOIN payments_bank_payment paid ON paid.id = held.bank_payment_id
WHERE payment.sale_id = %s AND payment.merchant_id = %s AND payment.mode = %s
"""

# Signing takes the account, announcing and returning a collection take the mandate: while both are
# held, the purchase goes into no collection and comes out of none.
HOLD_MANDATE = """
SELECT FROM payments_mandate WHERE bank_account_id = %s AND state = 'active' FOR NO KEY UPDATE
"""
# What a sale's shopper owes for it, by the collections that it is in: its purchase, or its parts,
# less what was set off.
IN_COLLECTIONS = """
SELECT collection.id, collection.state, item.amount FROM (
    SELECT posting_id FROM payments_debts_of(%(sale)s, %(mode)s)
    UNION ALL
    SELECT posting.id FROM payments_refund earlier
    JOIN payments_posting posting ON posting.reference = earlier.id::text
        AND posting.kind = 'refund_set_off' AND posting.mode = %(mode)s
    WHERE earlier.payment_id = %(sale)s
) AS booked
JOIN payments_collection_item item
    ON item.posting_id = booked.posting_id AND item.bank_account_id = %(bank_account)s
JOIN payments_collection collection ON collection.id = item.collection_id
ORDER BY collection.id FOR NO KEY UPDATE OF collection
"""
SET_OFF = """
SELECT coalesce(sum(amount), 0)::bigint FROM payments_refund
WHERE payment_id = %s AND state = 'set_off'
"""


class RefundNotCovered(Refusal):
    """The merchant's balance would go below its credit floor."""

    code = "refund_not_covered"
    sentence = _(
        "The shop's balance at OK does not cover this refund. Nothing was given back."
        " Try again after the next sales, or ask OK for a wider credit floor."
    )


class PaymentMissing(Refusal):
    """OK took nothing for this sale."""

    code = "payment_missing"
    sentence = _("This sale was not paid with OK. Give the money back as it was paid.")


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund that was begun; ``is_set_off`` if it lowers what the shopper owes."""

    refund_id: int
    is_set_off: bool


@transaction_required
def refund(
    *,
    return_id: int,
    sale_id: int,
    merchant_id: int,
    mode: str,
    store_id: int,
    amount: int,
    now: datetime,
    actor: Actor,
) -> Refunded:
    """Owe ``amount``, in minor units, to whoever paid this sale.

    A part of recording what came back, in ``store_id``. The merchant is owed less by it, down to
    its credit floor, and the store where it came back bears it. Where so much was not collected
    yet, it is set off against the debt at once; else it waits for ``order_refunds``. Raises
    ``PaymentMissing`` or ``RefundNotCovered``; the transaction can then only be rolled back.
    """
    rows = call(PAID, [sale_id, merchant_id, mode])
    if not rows:
        raise PaymentMissing
    bank_account_id, currency, selling_store_id, lent = rows[0]
    owed = _owed(sale_id, bank_account_id, mode, lent=lent)
    debts = [collection_id for collection_id, left in owed.items() if amount <= left]
    refund_id = next_id("payments_refund")
    made = Refund(
        pk=refund_id,
        sale_return_id=return_id,
        payment_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
        bank_account_id=bank_account_id,
        amount=amount,
        currency=currency,
        refunded_at=now,
        end_to_end_id=f"OKR{refund_id}",
    )
    made.save(force_insert=True)
    _record(made, actor=actor)
    _book(made, store_id=store_id, selling_store_id=selling_store_id, now=now)
    if debts:
        set_off(refund=made, collection_id=debts[0], now=now, actor=actor)
    return Refunded(refund_id, is_set_off=bool(debts))


def _owed(sale_id: int, bank_account_id: int, mode: str, *, lent: int) -> dict[int | None, int]:
    """Return what the shopper still owes for a sale, by the collection that came back with it.

    Under None stands what is with no bank yet. What the bank was asked for, and what was paid at
    once, is no debt. All of it is held until the end.
    """
    hold_account(bank_account_id)
    call(HOLD_MANDATE, [bank_account_id])
    owed: dict[int | None, int] = {None: lent - call(SET_OFF, [sale_id])[0][0]}
    asked = {"sale": sale_id, "mode": mode, "bank_account": bank_account_id}
    for collection_id, state, amount in call(IN_COLLECTIONS, asked):
        if state != CollectionState.ANNOUNCED:
            owed[None] -= amount
        if state == CollectionState.RETURNED:
            owed[collection_id] = owed.get(collection_id, 0) + amount
    return owed


def _record(made: Refund, *, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="refund_begun",
        object_type="refund",
        object_id=made.pk,
        merchant_id=made.merchant_id,
        mode=made.mode,
        data={"return": made.sale_return_id, "amount": made.amount},
    )


def _book(made: Refund, *, store_id: int, selling_store_id: int, now: datetime) -> None:
    """Let the merchant bear it, and among its stores the one where it came back."""
    payable = AccountRef(MERCHANT_PAYABLE.kind, made.merchant_id, made.currency)
    owed = AccountRef(REFUNDS_PAYABLE.kind, made.bank_account_id, made.currency)
    if store_id != selling_store_id:
        bears = AccountRef(STORE_SETTLEMENT.kind, store_id, made.currency)
        sold = AccountRef(STORE_SETTLEMENT.kind, selling_store_id, made.currency)
        post(
            kind=REFUND_ELSEWHERE,
            reference=str(made.pk),
            mode=made.mode,
            entries=[(bears, -made.amount), (sold, made.amount)],
            now=now,
        )
    try:
        post(
            kind=REFUND_OWED,
            reference=str(made.pk),
            mode=made.mode,
            entries=[(payable, -made.amount), (owed, made.amount)],
            now=now,
        )
    except BalanceTooLow as refusal:
        raise RefundNotCovered from refusal
