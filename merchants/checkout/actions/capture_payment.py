"""Capture an authorised payment, whole or in parts."""

from datetime import datetime
from http import HTTPStatus

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.close import MOST_TRIES
from merchants.checkout.actions.close_captured import close_captured
from merchants.checkout.events import PaymentCaptured
from merchants.checkout.online import (
    PaymentEnded,
    PaymentNotAuthorised,
    call_of,
    refuse,
    standing,
    tell,
)
from merchants.checkout.online_cards import by_ok
from merchants.checkout.online_states import HELD, OPEN, PaymentState
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.idempotency import Claim, Decision
from payments.actions.capture import AmountNotPositive
from payments.actions.capture_part import capture_part


class CaptureTooMuch(Refusal):
    """More than is left of what the shopper confirmed; ``left`` is how much that is."""

    code = "capture_too_much"
    status = 422
    sentence = _("That is more than is left to capture. Nothing was captured.")


def capture_payment(
    *,
    payment: OnlinePayment,
    amount: int | None,
    now: datetime,
    actor: Actor,
    claim: Claim | None = None,
) -> None:
    """Capture ``amount`` (minor units) of what is set aside, or all that is left of it.

    The part that makes it whole closes the sale. ``payment`` is then as stored. Raises
    ``AmountNotPositive``, ``CaptureTooMuch``, ``PaymentNotAuthorised``, ``PaymentPaidAlready`` or
    ``PaymentEnded``.
    """
    if amount is not None and amount <= 0:
        raise AmountNotPositive
    tries = MOST_TRIES
    while True:
        tries -= 1
        try:
            with transaction():
                capture(payment, amount, now=now, actor=actor)
                if claim is not None:
                    claim.settle(Decision(HTTPStatus.CREATED, {"id": str(payment.uuid)}))
        except QuoteOutdated:
            if not tries:
                raise
        else:
            return


@transaction_required
def capture(payment: OnlinePayment, amount: int | None, *, now: datetime, actor: Actor) -> None:
    """Capture a part within a larger action; raises the same, and its end ``PointsMoved``."""
    part = _win(payment, amount, now)
    if money := by_ok(payment, payment.captured) - by_ok(payment, payment.captured - part):
        capture_part(
            sale_id=payment.sale_id or 0,
            merchant_id=payment.merchant_id,
            mode=payment.mode,
            amount=money,
            now=now,
            actor=actor,
        )
    if payment.state == PaymentState.CAPTURED:
        close_captured(call=call_of(payment, actor=actor, now=now), payment=payment)
    tell(
        PaymentCaptured,
        payment,
        action="online_payment_captured",
        now=now,
        actor=actor,
        data={"amount": part},
    )


@transaction_required
def _win(payment: OnlinePayment, amount: int | None, now: datetime) -> int:
    """Count a part in, if so much is left; return how much it is."""
    payment.refresh_from_db()
    part = (payment.amount or 0) - payment.captured if amount is None else amount
    captured = F("captured") + part
    won = OnlinePayment.objects.filter(
        pk=payment.pk, state__in=HELD, capture_until__gt=now, captured__lte=F("amount") - part
    ).update(
        captured=captured,
        state=Case(
            When(amount=captured, then=Value(PaymentState.CAPTURED.value)),
            default=Value(PaymentState.PARTIALLY_CAPTURED.value),
        ),
        ended_at=Case(When(amount=captured, then=Value(now))),
    )
    payment.refresh_from_db()
    if not won:
        raise _refuse(payment, now)
    return part


def _refuse(payment: OnlinePayment, now: datetime) -> Refusal:
    state = standing(payment, now)
    if state in OPEN:
        return PaymentNotAuthorised()
    if state in HELD and (payment.capture_until is None or payment.capture_until > now):
        return CaptureTooMuch(left=(payment.amount or 0) - payment.captured)
    if state is PaymentState.AUTHORISED:
        # Its time is over, and the sweep has not been: "paid already" would tell of money.
        return PaymentEnded(state=PaymentState.EXPIRED.value)
    return refuse(payment, now)
