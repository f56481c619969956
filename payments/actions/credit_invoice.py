"""Take an invoice back, whole."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from payments.actions.expect import unexpect
from payments.calendar import local_day
from payments.events.fees import InvoiceCredited
from payments.invoicing import entries, keep_documents, take_number
from payments.ledger import post
from payments.models import (
    Expectation,
    ExpectationKind,
    ExpectationState,
    HouseAccount,
    Invoice,
    InvoiceKind,
    InvoiceLine,
)
from payments.postings import (
    INVOICE_CREDITED,
)
from payments.settlement import next_id


class InvoiceUnknown(Refusal):
    """No invoice has this number; a credit note is none."""

    code = "invoice_unknown"
    status = 404
    sentence = _("There is no invoice with this number.")


class InvoiceCreditedAlready(Refusal):
    """It was taken back before; ``credit_note`` is the number of what did."""

    code = "invoice_credited_already"
    sentence = _("This invoice was credited already, by {credit_note}. Nothing was booked now.")


class InvoicePartlyPaid(Refusal):
    """A part came by bank, and the rest is still expected."""

    code = "invoice_partly_paid"
    sentence = _("A part of this invoice was paid by bank. Book the rest first; then credit it.")


class ReasonMissing(Refusal):
    """A credit note says why."""

    code = "reason_missing"
    status = 422
    sentence = _("Say why the invoice is credited: it stands on the credit note.")


COPIED = (
    "merchant_id",
    "first_day",
    "last_day",
    "currency",
    "language",
    "net",
    "vat",
    "gross",
    "rounding",
    "house_account_id",
    "seller",
    "buyer",
)
LINE = (
    "number",
    "kind",
    "channel",
    "fixed",
    "percentage_bp",
    "vat_rate_bp",
    "count",
    "accrued",
    "net",
    "name",
    "detail",
)


def credit_invoice(*, number: str, reason: str, now: datetime, actor: Actor) -> str:
    """Take an invoice back by a credit note for all of it; return the credit note's number.

    What the merchant paid is added to what OK owes it, and goes out with the next payout; what was
    still open need not be paid. Its fees stay on the invoice: they are not asked again. Raises
    ``InvoiceUnknown``, ``InvoiceCreditedAlready``, ``InvoicePartlyPaid`` or ``ReasonMissing``.
    """
    why = " ".join(reason.split())
    if not why:
        raise ReasonMissing
    with transaction(), operator_scope("invoicing"):
        invoice = _held(number)
        still_open = _awaited(invoice)
        if still_open and not unexpect(
            kind=ExpectationKind.INVOICE, subject_id=invoice.pk, now=now
        ):
            raise InvoicePartlyPaid
        note = _write(invoice, why, settled=invoice.gross - still_open, now=now)
        post(
            kind=INVOICE_CREDITED,
            reference=str(note.pk),
            mode=Mode.LIVE,
            entries=entries(note, sign=-1),
            now=now,
        )
        _tell(invoice, note, now=now, actor=actor)
    return note.number


def _held(number: str) -> Invoice:
    """Return the invoice, locked: whoever credits it second finds it credited."""
    held = Invoice.objects.select_for_update(no_key=True, of=("self",))
    invoice = held.filter(number=number, kind=InvoiceKind.INVOICE).first()
    if invoice is None:
        raise InvoiceUnknown
    before = Invoice.objects.filter(credits=invoice).first()
    if before is not None:
        raise InvoiceCreditedAlready(credit_note=before.number)
    return invoice


def _awaited(invoice: Invoice) -> int:
    """Return what is to be paid by bank; whoever decides about a line that paid it waits.

    By what is expected: the invoice's own day follows that by an event.
    """
    HouseAccount.objects.select_for_update(no_key=True).get(pk=invoice.house_account_id)
    expected = Expectation.objects.filter(kind=ExpectationKind.INVOICE, subject_id=invoice.pk)
    came = expected.filter(state=ExpectationState.FULFILLED).exists()
    return 0 if came else invoice.gross - invoice.settled


def _write(invoice: Invoice, reason: str, *, settled: int, now: datetime) -> Invoice:
    today = local_day(now)
    sequence, number = take_number(today.year)
    note: Invoice = Invoice.objects.create(
        pk=next_id("payments_invoice"),
        kind=InvoiceKind.CREDIT_NOTE,
        year=today.year,
        sequence=sequence,
        number=number,
        issued_on=today,
        due_on=today,
        settled=settled,
        settled_on=today,
        credits=invoice,
        reason=reason[:200],
        **{name: getattr(invoice, name) for name in COPIED},
    )
    lines = [
        InvoiceLine(invoice=note, **{name: getattr(line, name) for name in LINE})
        for line in InvoiceLine.objects.filter(invoice=invoice).order_by("number")
    ]
    keep_documents(note, InvoiceLine.objects.bulk_create(lines))
    return note


def _tell(invoice: Invoice, note: Invoice, *, now: datetime, actor: Actor) -> None:
    facts: dict[str, Any] = {"number": note.number, "gross": note.gross, "credits_id": invoice.pk}
    audit.record(
        actor=actor,
        action="invoice_credited",
        object_type="invoice",
        object_id=note.pk,
        merchant_id=note.merchant_id,
        mode=Mode.LIVE,
        data={**facts, "reason": note.reason},
    )
    events.publish(
        InvoiceCredited(invoice_id=note.pk, open=0, **facts),
        now=now,
        merchant_id=note.merchant_id,
        mode=Mode.LIVE,
    )
