"""Take the sale that a shopper has paid at the bank; if it cannot be taken, the money goes back."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.authorise_payment import Payer, check_price, claim
from merchants.checkout.actions.capture_payment import capture
from merchants.checkout.actions.close import MOST_TRIES
from merchants.checkout.actions.disclose import disclose
from merchants.checkout.actions.set_aside import set_aside
from merchants.checkout.online import PaymentBusy, PaymentPaidAlready
from merchants.checkout.pricing import Shopper
from merchants.checkout.queries import find_payment_by_id
from merchants.models import CaptureMode, OnlinePayment
from okplatform.kernel import audit
from okplatform.kernel.db import savepoint, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.integrity import refusing
from payments.actions.allot_bank_payment import allot, give_back
from payments.models import BankPayment


@transaction_required
def take_paid_at_bank(*, bank_payment_id: int, now: datetime) -> None:
    """Let a completed bank payment pay its online payment, or send all of it back; once.

    The bank has confirmed who pays, so no PIN is asked for; nothing is lent, so no limit counts.
    The money goes back when the price has changed since, or the payment has ended, or was paid in
    another way. While another shopper's confirmation is being looked at, or this member's points
    do not hold still, nothing happens: whoever calls next decides (``tasks``).
    """
    with suppress(PaymentBusy), savepoint():
        paid = allot(bank_payment_id, now=now)
        if paid is None:
            return
        payment = find_payment_by_id(paid.subject_id)
        with merchant_scope(payment.merchant_id):
            _take_or_give_back(payment, paid, now)


@transaction_required
def _take_or_give_back(payment: OnlinePayment, paid: BankPayment, now: datetime) -> None:
    payer = Payer(
        person_id=paid.bank_account.person_id,
        mode=paid.mode,
        amount_due=paid.amount,
        funding_ref=paid.bank_account_id,
    )
    try:
        _take(payment, payer, paid, now)
    except PaymentBusy:
        raise
    except Refusal as refusal:
        give_back(
            bank_payment_id=paid.pk,
            merchant_id=payment.merchant_id,
            amount=paid.amount,
            now=now,
            actor=payer.actor,
        )
        audit.record(
            actor=payer.actor,
            action="online_payment_not_taken",
            object_type="online_payment",
            object_id=payment.pk,
            merchant_id=payment.merchant_id,
            mode=payment.mode,
            data={"bank_payment": paid.pk, "refusal": refusal.code},
        )


@transaction_required
def _take(payment: OnlinePayment, payer: Payer, paid: BankPayment, now: datetime) -> None:
    for _try in range(MOST_TRIES):
        with suppress(QuoteOutdated):
            with refusing({"link_is_paid_once": PaymentPaidAlready}), savepoint():
                _sell(payment, payer, paid, now)
            return
    raise PaymentBusy


@transaction_required
def _sell(payment: OnlinePayment, payer: Payer, paid: BankPayment, now: datetime) -> None:
    """Set the money aside for the sale and, where the shop captures by itself, take all of it."""
    claim(payment, payer.person_id, now)
    call, priced, cards = check_price(payment, payer, now)
    name = priced.shopper.name if priced.shopper else None
    shopper = Shopper(
        person_id=payer.person_id, handle=None, funding_ref=payer.funding_ref, name=name
    )
    paying = replace(priced, shopper=shopper)
    set_aside(call=call, payment=payment, priced=paying, cards=cards, paid=paid)
    if payment.capture_mode == CaptureMode.AUTOMATIC:
        disclose(call=call, shopper=shopper, place=priced.place)
        capture(payment, None, now=now, actor=payer.actor)
