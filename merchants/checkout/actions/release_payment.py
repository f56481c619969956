"""Let go of what is left of a payment: all of it, or what was not captured."""

from datetime import datetime

from django.db.models import Q

from loyalty.actions.release_offers import release_offers
from merchants.checkout.actions.close_captured import close_captured
from merchants.checkout.events import PaymentCaptured, PaymentEvent
from merchants.checkout.online import call_of, tell
from merchants.checkout.online_states import PaymentState, sources
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.trade.actions.cancel_sale import cancel
from payments.actions.end_authorisation import end_authorisation
from payments.actions.spend_gift_card import release_gift_cards

ALWAYS = Q()


@transaction_required
def release(
    *,
    payment: OnlinePayment,
    target: PaymentState,
    event: type[PaymentEvent],
    now: datetime,
    actor: Actor,
    due: Q = ALWAYS,
) -> bool:
    """Move a payment to ``target`` (cancelled, expired), if it still may; say whether this did.

    One that was captured in part ends captured instead: its sale closes for what was taken. ``due``
    is a further condition. ``payment`` is then as stored; ``PointsMoved`` may be raised at the end
    of the transaction: then ask again.
    """
    payment.refresh_from_db()
    before = PaymentState(payment.state)
    partly = before is PaymentState.PARTIALLY_CAPTURED
    end = PaymentState.CAPTURED if partly else target
    if before not in sources(end):
        return False
    unchanged = Q(pk=payment.pk, state=before, captured=payment.captured)
    won = OnlinePayment.objects.filter(unchanged, due).update(state=end, ended_at=now)
    payment.refresh_from_db()
    if not won:
        return False
    if partly:
        close_captured(call=call_of(payment, actor=actor, now=now), payment=payment)
        tell(PaymentCaptured, payment, action="online_payment_released", now=now, actor=actor)
        return True
    if before is PaymentState.AUTHORISED:
        _undo(payment, now, actor)
    tell(event, payment, action=f"online_payment_{target}", now=now, actor=actor)
    return True


@transaction_required
def _undo(payment: OnlinePayment, now: datetime, actor: Actor) -> None:
    """Give back all that was set aside; the sale never was."""
    call, sale_id = call_of(payment, actor=actor, now=now), payment.sale_id or 0
    cancel(
        key=call.key,
        store_id=payment.store_id,
        currency=payment.currency,
        language=payment.language,
        actor=actor,
        now=now,
    )
    release_offers(sale_id=sale_id, now=now)
    if payment.by_cards:
        release_gift_cards(sale_id=sale_id, now=now)
    if payment.amount != payment.by_cards:
        end_authorisation(
            sale_id=sale_id,
            merchant_id=payment.merchant_id,
            mode=payment.mode,
            now=now,
            actor=actor,
        )
