"""End what others had begun by a link that somebody has paid."""

from datetime import datetime

from merchants.checkout.events import PaymentCancelled
from merchants.checkout.online import tell
from merchants.checkout.online_states import PaymentState
from merchants.checkout.queries import rivals_of
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.tenancy import operator_scope

WAITING = (PaymentState.CREATED, PaymentState.PRESENTED)


@transaction_required
def end_rivals(*, payment_id: int, now: datetime, actor: Actor) -> None:
    """Cancel the other payments of a link that is paid once; a part of handling that it was.

    Who is confirming at this moment is left alone: PostgreSQL refuses the second.
    """
    with operator_scope("a link was paid: its other payments end"):
        for rival in rivals_of(payment_id):
            won = OnlinePayment.objects.filter(pk=rival.pk, state__in=WAITING).update(
                state=PaymentState.CANCELLED, ended_at=now
            )
            if won:
                rival.refresh_from_db()
                tell(
                    PaymentCancelled,
                    rival,
                    action="online_payment_outrun",
                    now=now,
                    actor=actor,
                )
