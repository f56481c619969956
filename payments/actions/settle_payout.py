"""Keep what became of a payout: it left our account, or not after all, or it came back."""

from datetime import date, datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.tenancy import operator_scope
from payments.calendar import local_day
from payments.chart import (
    MERCHANT_PAYABLE,
    PAYOUTS_IN_TRANSIT,
)
from payments.events.settlement import (
    PayoutDoubted,
    PayoutPaid,
    PayoutReturned,
    PayoutUnsettled,
)
from payments.ledger import AccountRef, post
from payments.models import Payout
from payments.postings import (
    PAYOUT_RETURNED,
)
from payments.settlement import move_one
from payments.states import PayoutState

NO_REASON = "NOAS"
"""ISO 20022 for "no answer": the bank gave no reason."""

PAUSE = """
INSERT INTO payments_payout_terms
    (merchant_id, iban, holder, schedule, threshold, reserve, paused_reason, changed_at)
SELECT merchant_id, iban, holder, 'daily', 1, 0, %(reason)s, %(now)s
FROM payments_payout WHERE id = %(payout)s
ON CONFLICT (merchant_id) DO UPDATE SET paused_reason = EXCLUDED.paused_reason
"""


@transaction_required
def settle_payout(*, payout_id: int, paid_on: date, now: datetime, actor: Actor) -> None:
    """Keep that the bank took a payout from our account; reconciliation has booked the money.

    Raises ``MoveNotAllowedError`` unless the payout was on its way.
    """
    payout = _move(payout_id, PayoutState.PAID, paid_on=paid_on)
    audit.record(
        actor=actor,
        action="payout_paid",
        object_type="payout",
        object_id=payout_id,
        merchant_id=payout.merchant_id,
        mode=payout.mode,
        data={"paid_on": paid_on.isoformat()},
    )
    paid = PayoutPaid(payout_id=payout_id, amount=payout.amount, paid_on=paid_on.isoformat())
    events.publish(paid, now=now, merchant_id=payout.merchant_id, mode=payout.mode)


@transaction_required
def unsettle_payout(*, payout_id: int, now: datetime, actor: Actor) -> None:
    """Keep that a payout is still on its way, or in doubt as before: the line was another's.

    Raises ``MoveNotAllowedError`` unless it was settled.
    """
    with operator_scope("settlement"):
        was_in_doubt = Payout.objects.filter(pk=payout_id).exclude(doubt="").exists()
    before = PayoutState.UNKNOWN if was_in_doubt else PayoutState.ORDERED
    payout = _move(payout_id, before, paid_on=None)
    audit.record(
        actor=actor,
        action="payout_unsettled",
        object_type="payout",
        object_id=payout_id,
        merchant_id=payout.merchant_id,
        mode=payout.mode,
    )
    unsettled = PayoutUnsettled(payout_id=payout_id, amount=payout.amount)
    events.publish(unsettled, now=now, merchant_id=payout.merchant_id, mode=payout.mode)


@transaction_required
def doubt_payout(*, payout_id: int, code: str, now: datetime, actor: Actor) -> None:
    """Keep that the bank timed out, with this ``code``: the payout may happen all the same.

    Nothing is booked, and it stays expected. Raises ``MoveNotAllowedError`` unless the payout was
    on its way.
    """
    payout = _move(payout_id, PayoutState.UNKNOWN, doubt=code, doubted_on=local_day(now))
    audit.record(
        actor=actor,
        action="payout_doubted",
        object_type="payout",
        object_id=payout_id,
        merchant_id=payout.merchant_id,
        mode=payout.mode,
        data={"code": code},
    )
    doubted = PayoutDoubted(payout_id=payout_id, amount=payout.amount, code=code)
    events.publish(doubted, now=now, merchant_id=payout.merchant_id, mode=payout.mode)


@transaction_required
def return_payout(
    *,
    payout_id: int,
    reason: str,
    returned_on: date,
    now: datetime,
    actor: Actor,
    given_up_by: str = "",
) -> None:
    """Owe a merchant again what did not reach it, for the bank's ``reason``.

    That is a booking like any other (``payout_returned``), and is paid out anew; but the merchant's
    payouts are paused until its terms are set, or the money would go to and fro: unless the bank
    had only timed out, and ``given_up_by`` (``models.Evidence``) says that it did not happen.
    Raises ``MoveNotAllowedError`` for a payout that came back before.
    """
    payout = _move(
        payout_id,
        PayoutState.RETURNED,
        returned_on=returned_on,
        reason=reason,
        given_up_by=given_up_by,
    )
    payable = AccountRef(MERCHANT_PAYABLE.kind, payout.merchant_id, payout.currency)
    in_transit = AccountRef(PAYOUTS_IN_TRANSIT.kind, payout.house_account_id, payout.currency)
    post(
        kind=PAYOUT_RETURNED,
        reference=str(payout_id),
        mode=payout.mode,
        entries=[(in_transit, -payout.amount), (payable, payout.amount)],
        now=now,
    )
    if not given_up_by:
        call(PAUSE, {"payout": payout_id, "reason": reason or NO_REASON, "now": now})
    audit.record(
        actor=actor,
        action="payout_returned",
        object_type="payout",
        object_id=payout_id,
        merchant_id=payout.merchant_id,
        mode=payout.mode,
        data={"reason": reason, "given_up_by": given_up_by},
    )
    returned = PayoutReturned(payout_id=payout_id, amount=payout.amount, reason=reason)
    events.publish(returned, now=now, merchant_id=payout.merchant_id, mode=payout.mode)


def _move(payout_id: int, target: PayoutState, **changes: object) -> Payout:
    with operator_scope("settlement"):
        mine = Payout.objects.filter(pk=payout_id)
        move_one(mine, target, **changes)
        return mine.get()
