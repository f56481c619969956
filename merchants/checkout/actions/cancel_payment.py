"""Give a payment up, or what is left of it."""

from datetime import datetime
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.close import MOST_TRIES
from merchants.checkout.actions.release_payment import release
from merchants.checkout.events import PaymentCancelled
from merchants.checkout.online import PaymentBusy, refuse, standing
from merchants.checkout.online_states import PaymentState
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.idempotency import Claim, Decision


class PaymentCapturedAlready(Refusal):
    """All of it was taken."""

    code = "payment_captured"
    sentence = _("This payment was captured. Give the money back with a refund.")


def cancel_payment(
    *, payment: OnlinePayment, now: datetime, actor: Actor, claim: Claim | None = None
) -> None:
    """Cancel a payment; of one that was captured in part, release the rest.

    Doing it again is fine. ``payment`` is then as stored. Raises ``PaymentCapturedAlready``,
    ``PaymentEnded`` or ``PaymentBusy`` (it moved just now: ask again).
    """
    tries = MOST_TRIES
    while True:
        tries -= 1
        try:
            with transaction():
                won = release(
                    payment=payment,
                    target=PaymentState.CANCELLED,
                    event=PaymentCancelled,
                    now=now,
                    actor=actor,
                )
                if not won and payment.state != PaymentState.CANCELLED:
                    raise _refuse(payment, now)
                if claim is not None:
                    claim.settle(Decision(HTTPStatus.OK, {"id": str(payment.uuid)}))
        except QuoteOutdated:
            if not tries:
                raise
        else:
            return


def _refuse(payment: OnlinePayment, now: datetime) -> Refusal:
    state = standing(payment, now)
    if state is PaymentState.CAPTURED:
        return PaymentCapturedAlready()
    return refuse(payment, now) if payment.ended_at else PaymentBusy()
