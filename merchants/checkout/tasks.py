"""Celery's way into the checkout's upkeep; it may run twice, or side by side."""

from celery import shared_task

from merchants.checkout.actions.expire_payment import expire_payment
from merchants.checkout.actions.take_paid_at_bank import take_paid_at_bank
from merchants.checkout.queries import payments_due
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import now
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from payments.queries import bank_payments_to_allot

AT_ONCE = 500


@shared_task(name="checkout.expire_payments", ignore_result=True, expires=60)
def expire_payments() -> None:
    """End the online payments whose time is over."""
    moment = now()
    for payment in payments_due(now=moment, most=AT_ONCE):
        with merchant_scope(payment.merchant_id):
            expire_payment(payment=payment, now=moment, actor=SYSTEM)


@shared_task(name="checkout.take_paid_at_bank", ignore_result=True, expires=5)
def take_what_was_paid() -> None:
    """Take the sales that were paid at the bank while another shopper was confirming."""
    for bank_payment_id in bank_payments_to_allot(most=AT_ONCE):
        with transaction():
            take_paid_at_bank(bank_payment_id=bank_payment_id, now=now())
