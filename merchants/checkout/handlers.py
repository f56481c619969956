"""What the checkout does when a shopper has answered: on the phone, on a page, or at the bank."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from merchants.checkout.actions.end_rivals import end_rivals
from merchants.checkout.actions.follow_answer import follow_answer
from merchants.checkout.actions.take_paid_at_bank import take_paid_at_bank
from merchants.checkout.call import channel_of
from merchants.checkout.events import (
    PaymentAuthorised,
    PaymentCancelled,
    PaymentCaptured,
    PaymentDeclined,
    PaymentExpired,
)
from merchants.checkout.queries import find_key, tokens_of
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import after_commit
from okplatform.kernel.events import Delivered, handles
from okplatform.kernel.tenancy import merchant_scope
from okplatform.web.streams import notify
from payments.events.confirmations import ConfirmationEnded, ConfirmationGiven
from payments.events.settlement import BankPaymentCompleted
from payments.models import BankPaymentPurpose


@handles(ConfirmationGiven)
def close_what_was_confirmed(deliveries: Sequence[Delivered[ConfirmationGiven]]) -> None:
    """Close the sales whose shoppers said yes, and tell their tills."""
    _follow(deliveries)


@handles(ConfirmationEnded)
def give_up_what_was_not(deliveries: Sequence[Delivered[ConfirmationEnded]]) -> None:
    """Cancel the sales whose shoppers said no, or nothing in time, and tell their tills."""
    _follow(deliveries)


def _follow(deliveries: Sequence[Delivered[Any]]) -> None:
    now = clock.now()
    # In the order of the sales, so that two relays never wait for each other in a circle.
    for delivered in sorted(deliveries, key=lambda each: each.event.sale_id):
        merchant_id = delivered.merchant_id or 0
        with merchant_scope(merchant_id):
            key = find_key(sale_id=delivered.event.sale_id, merchant_id=merchant_id)
            follow_answer(key=key, now=now)
        after_commit(partial(notify, channel_of(key), "sale", {}))


@handles(PaymentAuthorised)
@handles(PaymentCaptured)
@handles(PaymentDeclined)
@handles(PaymentCancelled)
@handles(PaymentExpired)
def tell_pages(deliveries: Sequence[Delivered[Any]]) -> None:
    """Tell the open pages of a batch of online payments: a desktop goes back to its shop."""
    states = {one.event.payment_id: one.event.state for one in deliveries}
    for payment_id, token in tokens_of(list(states)).items():
        after_commit(partial(notify, f"pay:{token}", "payment", {"state": states[payment_id]}))


@handles(PaymentCaptured)
def end_what_is_too_late(deliveries: Sequence[Delivered[Any]]) -> None:
    """End what others had begun by a link that is paid once, and was."""
    for one in deliveries:
        if one.event.link is not None:
            end_rivals(payment_id=one.event.payment_id, now=clock.now(), actor=SYSTEM)


@handles(BankPaymentCompleted)
def take_what_was_paid_at_the_bank(
    deliveries: Sequence[Delivered[BankPaymentCompleted]],
) -> None:
    """Take the sales that were paid at the bank, in one order; what is busy, the sweep takes."""
    paid = [
        one.event.bank_payment_id
        for one in deliveries
        if one.event.purpose == BankPaymentPurpose.ONLINE
    ]
    for bank_payment_id in sorted(paid):
        take_paid_at_bank(bank_payment_id=bank_payment_id, now=clock.now())
