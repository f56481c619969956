"""What merchants can hear of: public names, each for one kind of event inside OK.

A name, once told, keeps its meaning, and its data only ever gains fields; what would break a
reader gets the next ``version``. Documented in docs/webhooks.md, which a test holds to this list.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.events import MemberSaleClosed, MemberSaleRefunded
from merchants.checkout.events import (
    PaymentAuthorised,
    PaymentCancelled,
    PaymentCaptured,
    PaymentDeclined,
    PaymentExpired,
)
from merchants.webhooks import telling
from merchants.webhooks.telling import Teller
from okplatform.kernel.events import Event
from okplatform.trade.events import SaleCancelled, SaleClosed, SaleRefunded
from payments.events.fees import InvoiceCredited, InvoiceIssued
from payments.events.refunds import (
    RefundDoubted,
    RefundOrdered,
    RefundPaid,
    RefundReturned,
    RefundSetOff,
    RefundUnsettled,
)
from payments.events.settlement import (
    PayoutDoubted,
    PayoutOrdered,
    PayoutPaid,
    PayoutReturned,
    PayoutUnsettled,
)
from payments.states import PayoutState

TEST = "webhook.test"
"""What a merchant sends itself, to see whether it arrives; nobody subscribes to it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A public type of event, the event it stands for, and how its data is made."""

    name: str
    event: type[Event]
    tell: Teller
    version: int = 1


WORDS = (
    Word("sale.closed", SaleClosed, telling.closed_sales),
    Word("sale.cancelled", SaleCancelled, telling.cancelled_sales),
    Word("sale.refunded", SaleRefunded, telling.refunded_sales),
    Word("member.sale_closed", MemberSaleClosed, telling.members_sales),
    Word("member.sale_refunded", MemberSaleRefunded, telling.members_returns),
    Word("payment.authorised", PaymentAuthorised, telling.online_payments),
    Word("payment.captured", PaymentCaptured, telling.online_payments),
    Word("payment.declined", PaymentDeclined, telling.online_payments),
    Word("payment.cancelled", PaymentCancelled, telling.online_payments),
    Word("payment.expired", PaymentExpired, telling.online_payments),
    Word("refund.ordered", RefundOrdered, telling.money_back("ordered")),
    Word("refund.paid", RefundPaid, telling.money_back("paid")),
    Word("refund.paid", RefundSetOff, telling.money_back("paid")),
    Word("refund.reopened", RefundUnsettled, telling.money_back("ordered")),
    Word("refund.unknown", RefundDoubted, telling.money_back("unknown")),
    Word("refund.returned", RefundReturned, telling.money_back("returned")),
    Word("payout.ordered", PayoutOrdered, telling.payouts(PayoutState.ORDERED)),
    Word("payout.paid", PayoutPaid, telling.payouts(PayoutState.PAID)),
    Word("payout.reopened", PayoutUnsettled, telling.payouts(PayoutState.ORDERED)),
    Word("payout.unknown", PayoutDoubted, telling.payouts(PayoutState.UNKNOWN)),
    Word("payout.returned", PayoutReturned, telling.payouts(PayoutState.RETURNED)),
    Word("invoice.issued", InvoiceIssued, telling.invoices),
    Word("invoice.credited", InvoiceCredited, telling.invoices),
)

NAMES = tuple(dict.fromkeys(word.name for word in WORDS))
"""Every public type once, in the order in which they are shown."""

WORD_OF: Mapping[type[Event], Word] = {word.event: word for word in WORDS}
