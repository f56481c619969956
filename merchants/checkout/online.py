"""What the actions on online payments share: how one stands, its call, its event, its refusals."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from merchants.checkout.call import Call
from merchants.checkout.events import PaymentEvent
from merchants.checkout.online_states import HELD, OPEN, PaymentState
from merchants.models import OnlinePayment
from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.queries import till_of_store
from okplatform.trade.facts import SaleKey

TOKEN_BYTES = 16
"""128 bits: who has not been given an address does not find it."""
LEASE = timedelta(minutes=1)
"""How long a confirmation may take; longer, and whoever confirms next goes first."""
CAPTURE_WITHIN = timedelta(days=7)
"""How long an authorised amount stays set aside."""


class PaymentUnknown(Refusal):
    """No online payment has this id."""

    code = "payment_unknown"
    status = 404
    sentence = _("This payment is not known.")


class PaymentPaidAlready(Refusal):
    """Somebody has confirmed it."""

    code = "payment_paid_already"
    sentence = _("This was paid already. Nothing more was taken.")


class PaymentEnded(Refusal):
    """It was declined, cancelled or ran out; ``state`` says which."""

    code = "payment_ended"
    sentence = _("This payment has ended. Nothing was taken; ask the shop for a new one.")


class PaymentBusy(Refusal):
    """Somebody is confirming it at this moment."""

    code = "payment_busy"
    sentence = _("This is being paid right now. Wait a moment and look again.")


class PaymentNotAuthorised(Refusal):
    """Nobody has confirmed yet."""

    code = "payment_not_authorised"
    sentence = _("The shopper has not confirmed this payment yet. Nothing was captured.")


def new_token() -> str:
    """Return the unguessable part of an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def call_of(payment: OnlinePayment, *, actor: Actor, now: datetime) -> Call:
    """Return the call by which a payment becomes a sale: its store, nobody's till."""
    till = till_of_store(
        merchant_id=payment.merchant_id,
        store_id=payment.store_id,
        mode=payment.mode,
        actor=actor,
    )
    key = SaleKey(payment.merchant_id, payment.mode, payment.sale_uuid)
    return Call(till=till, key=key, now=now)


def standing(payment: OnlinePayment, now: datetime) -> PaymentState:
    """Return its state; past its time it has expired, also before the sweep has said so."""
    state = PaymentState(payment.state)
    if state in OPEN and state is not PaymentState.AUTHORISING and payment.expires_at <= now:
        return PaymentState.EXPIRED
    return state


def released(payment: OnlinePayment) -> int:
    """Return what the shopper had confirmed and will never be captured."""
    if payment.amount is None or payment.state in HELD:
        return 0
    return payment.amount - payment.captured


def refuse(payment: OnlinePayment, now: datetime) -> Refusal:
    """Return why a payment that stands as it does cannot be paid."""
    state = standing(payment, now)
    if state is PaymentState.AUTHORISING:
        return PaymentBusy()
    if state in {PaymentState.DECLINED, PaymentState.CANCELLED, PaymentState.EXPIRED}:
        return PaymentEnded(state=state.value)
    return PaymentPaidAlready()


@transaction_required
def tell(
    event: type[PaymentEvent],
    payment: OnlinePayment,
    *,
    action: str,
    now: datetime,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Audit and publish what has just become true of a payment."""
    audit.record(
        actor=actor,
        action=action,
        object_type="online_payment",
        object_id=payment.pk,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        data=data,
    )
    events.publish(
        event(
            payment_id=payment.pk,
            id=str(payment.uuid),
            merchant_id=payment.merchant_id,
            mode=payment.mode,
            state=payment.state,
            reference=payment.reference,
            link=str(payment.link.uuid) if payment.link else None,
            sale=str(payment.sale_uuid) if payment.state == PaymentState.CAPTURED else None,
            currency=payment.currency,
            asked=payment.asked,
            amount=payment.asked if payment.amount is None else payment.amount,
            captured=payment.captured,
            released=released(payment),
        ),
        now=now,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
    )
