"""Keep that a refund left our account, or that it came back."""

from datetime import date, datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.tenancy import operator_scope
from payments.chart import REFUND_RETURNED, REFUNDS_IN_TRANSIT, REFUNDS_PAYABLE
from payments.ledger import AccountRef, post
from payments.models import Refund
from payments.refund_events import RefundPaid, RefundReturned
from payments.settlement import move_one, next_id
from payments.states import RefundState


@transaction_required
def settle_refund(*, refund_id: int, paid_on: date, now: datetime, actor: Actor) -> None:
    """Keep that the bank took a refund from our account; reconciliation has booked the money.

    Raises ``MoveNotAllowedError`` unless the refund was on its way.
    """
    refund = _move(refund_id, RefundState.PAID, paid_on=paid_on)
    _record(refund, "refund_paid", {"paid_on": paid_on.isoformat()}, actor=actor)
    paid = RefundPaid(
        refund_id=refund_id,
        bank_account_id=refund.bank_account_id,
        amount=refund.amount,
        paid_on=paid_on.isoformat(),
    )
    events.publish(paid, now=now, merchant_id=refund.merchant_id, mode=refund.mode)


@transaction_required
def return_refund(
    *, refund_id: int, reason: str, returned_on: date, now: datetime, actor: Actor
) -> Refund:
    """Owe a shopper again what did not arrive, for the bank's ``reason``; return the next attempt.

    It waits until the shopper has chosen an account for it, or the money would go to and fro.
    Raises ``MoveNotAllowedError`` for a refund that came back before.
    """
    refund = _move(refund_id, RefundState.RETURNED, returned_on=returned_on, reason=reason)
    payable = AccountRef(REFUNDS_PAYABLE.kind, refund.bank_account_id, refund.currency)
    in_transit = AccountRef(
        REFUNDS_IN_TRANSIT.kind, int(refund.house_account_id or 0), refund.currency
    )
    post(
        kind=REFUND_RETURNED,
        reference=str(refund_id),
        mode=refund.mode,
        entries=[(in_transit, -refund.amount), (payable, refund.amount)],
        now=now,
    )
    retry_id = next_id("payments_refund")
    retry = Refund(
        pk=retry_id,
        sale_return_id=refund.sale_return_id,
        payment_id=refund.payment_id,
        merchant_id=refund.merchant_id,
        mode=refund.mode,
        bank_account_id=refund.bank_account_id,
        amount=refund.amount,
        currency=refund.currency,
        attempt=refund.attempt + 1,
        retry_of=refund,
        refunded_at=refund.refunded_at,
        end_to_end_id=f"OKR{retry_id}",
    )
    retry.save(force_insert=True)
    _record(refund, "refund_returned", {"reason": reason, "next": retry_id}, actor=actor)
    returned = RefundReturned(
        refund_id=refund_id,
        bank_account_id=refund.bank_account_id,
        amount=refund.amount,
        reason=reason,
    )
    events.publish(returned, now=now, merchant_id=refund.merchant_id, mode=refund.mode)
    return retry


def _move(refund_id: int, target: RefundState, **changes: object) -> Refund:
    with operator_scope("settlement"):
        mine = Refund.objects.filter(pk=refund_id)
        move_one(mine, target, **changes)
        return mine.get()


def _record(refund: Refund, action: str, data: dict[str, object], *, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="refund",
        object_id=refund.pk,
        merchant_id=refund.merchant_id,
        mode=refund.mode,
        data=data,
    )
