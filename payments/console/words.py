"""What the pages call bookings, states and schedules."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.calendar import Schedule
from payments.models import Doubt, ExpectationKind
from payments.postings import (
    PART_CAPTURED,
    PAYOUT_RETURNED,
    SALE_PAID,
)
from payments.states import PayoutState

OTHER = _("Other booking")
BOOKINGS: Mapping[str, str | Promise] = {
    SALE_PAID: _("Sales paid with OK"),
    PART_CAPTURED: _("Captured online, whole or in parts"),
    PAYOUT_RETURNED: _("Payouts that came back"),
}
"""By the kind of a posting; what is not here is ``OTHER``."""

PAYOUTS: Mapping[str, str | Promise] = {
    PayoutState.ORDERED: _("on its way"),
    PayoutState.UNKNOWN: _("in doubt"),
    PayoutState.PAID: _("on your account"),
    PayoutState.RETURNED: _("came back"),
}

EXPECTED: Mapping[str, str | Promise] = {
    ExpectationKind.COLLECTION: _("Collection"),
    ExpectationKind.PAYOUT: _("Payout"),
    ExpectationKind.REFUND: _("Refund"),
    ExpectationKind.INVOICE: _("Invoice"),
    ExpectationKind.PROOF: _("Proof of an account"),
    ExpectationKind.BANK_PAYMENT: _("Payment at the bank"),
}

SCHEDULES: Mapping[str, str | Promise] = {
    Schedule.INSTANT: _("At once"),
    Schedule.HOURLY: _("Every hour"),
    Schedule.DAILY: _("Every day"),
    Schedule.WEEKLY: _("Every week"),
}

DOUBTS: Mapping[str, str | Promise] = {
    Doubt.UNKNOWN: _("names nothing that we know"),
    Doubt.AMOUNT_DIFFERS: _("the amount differs"),
    Doubt.CAME_BEFORE: _("it came before"),
    Doubt.CANCELLED: _("we had cancelled it"),
    Doubt.RETURN_DIFFERS: _("comes back, but not as it went"),
    Doubt.AMBIGUOUS: _("may be one of several"),
}


def grouped(iban: str) -> str:
    """Write an IBAN as people read it: in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
