"""Keep what became of a refund: it left our account, or not after all, or it came back."""

from datetime import date, datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.tenancy import operator_scope
from payments.calendar import local_day
from payments.chart import (
    REFUNDS_IN_TRANSIT,
    REFUNDS_PAYABLE,
)
from payments.events.refunds import RefundDoubted, RefundPaid, RefundReturned, RefundUnsettled
from payments.ledger import AccountRef, post
from payments.models import Refund
from payments.postings import (
    REFUND_RETURNED,
)
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
    events.publish(paid, now=now, merchant_id=refund.told_to, mode=refund.mode)


@transaction_required
def unsettle_refund(*, refund_id: int, now: datetime, actor: Actor) -> None:
    """Keep that a refund is still on its way, or in doubt as before: the line was another's.

    Raises ``MoveNotAllowedError`` unless it was settled.
    """
    with operator_scope("settlement"):
        was_in_doubt = Refund.objects.filter(pk=refund_id).exclude(doubt="").exists()
    before = RefundState.UNKNOWN if was_in_doubt else RefundState.ORDERED
    refund = _move(refund_id, before, paid_on=None)
    _record(refund, "refund_unsettled", {}, actor=actor)
    unsettled = RefundUnsettled(
        refund_id=refund_id, bank_account_id=refund.bank_account_id, amount=refund.amount
    )
    events.publish(unsettled, now=now, merchant_id=refund.told_to, mode=refund.mode)


@transaction_required
def doubt_refund(*, refund_id: int, code: str, now: datetime, actor: Actor) -> None:
    """Keep that the bank timed out, with this ``code``: the refund may happen all the same.

    Nothing is booked, and it stays expected. Raises ``MoveNotAllowedError`` unless the refund was
    on its way.
    """
    refund = _move(refund_id, RefundState.UNKNOWN, doubt=code, doubted_on=local_day(now))
    _record(refund, "refund_doubted", {"code": code}, actor=actor)
    doubted = RefundDoubted(
        refund_id=refund_id,
        bank_account_id=refund.bank_account_id,
        amount=refund.amount,
        code=code,
    )
    events.publish(doubted, now=now, merchant_id=refund.told_to, mode=refund.mode)


@transaction_required
def return_refund(
    *,
    refund_id: int,
    reason: str,
    returned_on: date,
    now: datetime,
    actor: Actor,
    given_up_by: str = "",
) -> Refund:
    """Owe a shopper again what did not arrive, for the bank's ``reason``; return the next attempt.

    It waits until the shopper has chosen an account for it, or the money would go to and fro:
    unless the bank had only timed out, and ``given_up_by`` (``models.Evidence``) says that it did
    not happen. Raises ``MoveNotAllowedError`` for a refund that came back before.
    """
    refund = _move(
        refund_id,
        RefundState.RETURNED,
        returned_on=returned_on,
        reason=reason,
        given_up_by=given_up_by,
    )
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
    retry = _next_attempt(refund)
    retry.save(force_insert=True)
    said = {"reason": reason, "given_up_by": given_up_by, "next": retry.pk}
    _record(refund, "refund_returned", said, actor=actor)
    returned = RefundReturned(
        refund_id=refund_id,
        bank_account_id=refund.bank_account_id,
        amount=refund.amount,
        reason=reason,
    )
    events.publish(returned, now=now, merchant_id=refund.told_to, mode=refund.mode)
    return retry


def _next_attempt(refund: Refund) -> Refund:
    retry_id = next_id("payments_refund")
    return Refund(
        pk=retry_id,
        sale_return_id=refund.sale_return_id,
        payment_id=refund.payment_id,
        bank_payment_id=refund.bank_payment_id,
        merchant_id=refund.merchant_id,
        mode=refund.mode,
        bank_account_id=refund.bank_account_id,
        # Of one that was given up the account is right.
        pay_to_id=(refund.pay_to_id or refund.bank_account_id) if refund.given_up_by else None,
        amount=refund.amount,
        currency=refund.currency,
        attempt=refund.attempt + 1,
        retry_of=refund,
        refunded_at=refund.refunded_at,
        end_to_end_id=f"OKR{retry_id}",
    )


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
