"""Keep that a merchant paid an invoice by bank, or not after all, or had the money back."""

from datetime import date

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.models import Invoice


@transaction_required
def settle_invoice(*, invoice_id: int, paid_on: date, actor: Actor) -> None:
    """Keep the day on which all that was open came; reconciliation has booked the money."""
    Invoice.objects.filter(pk=invoice_id).update(settled_on=paid_on)
    _record("invoice_paid", invoice_id, {"paid_on": paid_on.isoformat()}, actor)


@transaction_required
def unsettle_invoice(*, invoice_id: int, actor: Actor) -> None:
    """Let an invoice be open again: the line that paid it was another's."""
    Invoice.objects.filter(pk=invoice_id).update(settled_on=None)
    _record("invoice_unsettled", invoice_id, {}, actor)


@transaction_required
def return_invoice(*, invoice_id: int, reason: str, actor: Actor) -> None:
    """Let an invoice be open again: its payment went back, for the bank's ``reason``."""
    Invoice.objects.filter(pk=invoice_id).update(settled_on=None)
    _record("invoice_payment_returned", invoice_id, {"reason": reason}, actor)


def _record(action: str, invoice_id: int, data: dict[str, str], actor: Actor) -> None:
    merchant_id = Invoice.objects.values_list("merchant_id", flat=True).get(pk=invoice_id)
    audit.record(
        actor=actor,
        action=action,
        object_type="invoice",
        object_id=invoice_id,
        merchant_id=merchant_id,
        data=data,
    )
