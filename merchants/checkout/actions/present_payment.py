"""Note that the page of a payment was opened."""

from datetime import datetime

from merchants.checkout.events import PaymentPresented
from merchants.checkout.online import tell
from merchants.checkout.online_states import PaymentState
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction


def present_payment(*, payment: OnlinePayment, now: datetime, actor: Actor) -> bool:
    """Move a payment from created to presented; say whether this call did.

    Whoever opens the page later changes nothing.
    """
    with transaction():
        won = OnlinePayment.objects.filter(
            pk=payment.pk, state=PaymentState.CREATED, expires_at__gt=now
        ).update(state=PaymentState.PRESENTED)
        if won:
            payment.state = PaymentState.PRESENTED.value
            tell(PaymentPresented, payment, action="online_payment_presented", now=now, actor=actor)
    return won == 1
