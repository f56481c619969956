"""End a payment whose time is over."""

from datetime import datetime

from django.db.models import Q

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.release_payment import release
from merchants.checkout.events import PaymentExpired
from merchants.checkout.online import LEASE
from merchants.checkout.online_states import HELD, OPEN, PaymentState
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction


def expire_payment(*, payment: OnlinePayment, now: datetime, actor: Actor) -> bool:
    """End what nobody confirmed, or captured, in time; say whether this call did.

    Whoever held the lease of a confirmation and never came back has taken nothing: taking is the
    move that ends the lease. Points that moved meanwhile leave it to the next call.
    """
    due = Q(state__in=OPEN, expires_at__lte=now) | Q(state__in=HELD, capture_until__lte=now)
    try:
        with transaction():
            OnlinePayment.objects.filter(
                pk=payment.pk, state=PaymentState.AUTHORISING, claimed_at__lt=now - LEASE
            ).update(state=PaymentState.PRESENTED, person_id=None, claimed_at=None)
            return release(
                payment=payment,
                target=PaymentState.EXPIRED,
                event=PaymentExpired,
                now=now,
                actor=actor,
                due=due,
            )
    except QuoteOutdated:
        return False
