"""What the pages call the types of event, and what went wrong with a delivery."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TYPES: Mapping[str, str | Promise] = {
    "sale.closed": _("A sale was paid, by OK, card, cash or any other way"),
    "sale.cancelled": _("A sale was given up before it was paid"),
    "sale.refunded": _("Goods or money came back of a sale"),
    "member.sale_closed": _("A member's sale was paid: for your own loyalty system"),
    "member.sale_refunded": _("Money came back of a member's sale: for your own loyalty system"),
    "payment.authorised": _("A customer confirmed an online payment; the amount is set aside"),
    "payment.captured": _("Money of an online payment was taken, whole or in part"),
    "payment.declined": _("A customer does not want to make an online payment"),
    "payment.cancelled": _("An online payment was cancelled"),
    "payment.expired": _("An online payment ran out of time"),
    "refund.ordered": _("A refund is on its way to the customer's bank"),
    "refund.paid": _("The customer has a refund"),
    "refund.reopened": _("A refund that was called paid is still on its way"),
    "refund.unknown": _("The bank timed out on a refund; OK finds out what became of it"),
    "refund.returned": _("A refund came back from the customer's bank"),
    "payout.ordered": _("A payout is on its way to you"),
    "payout.paid": _("A payout was paid to you"),
    "payout.reopened": _("A payout that was called paid is still on its way"),
    "payout.unknown": _("The bank timed out on a payout; OK finds out what became of it"),
    "payout.returned": _("A payout came back from your bank"),
    "invoice.issued": _("OK sent you an invoice"),
    "invoice.credited": _("OK took an invoice back"),
}

ERRORS: Mapping[str, str | Promise] = {
    "address_refused": _("its name stands for a private address"),
    "not_found": _("its name is not known"),
    "timeout": _("no answer in ten seconds"),
    "tls": _("its certificate is not right"),
    "connection": _("it was not reached, or hung up"),
}
