"""Say no to a payment."""

from datetime import datetime

from merchants.checkout.events import PaymentDeclined
from merchants.checkout.online import refuse, tell
from merchants.checkout.online_states import PaymentState, sources
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction


def decline_payment(*, payment: OnlinePayment, now: datetime, actor: Actor) -> None:
    """End a payment that its shopper does not want to pay; doing it again is fine.

    Raises ``PaymentPaidAlready``, ``PaymentEnded`` or ``PaymentBusy``.
    """
    target = PaymentState.DECLINED
    with transaction():
        won = OnlinePayment.objects.filter(
            pk=payment.pk, state__in=sources(target), expires_at__gt=now
        ).update(state=target, ended_at=now)
        payment.refresh_from_db()
        if won:
            tell(PaymentDeclined, payment, action="online_payment_declined", now=now, actor=actor)
    if not won and payment.state != target:
        raise refuse(payment, now)
