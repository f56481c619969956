"""What payments tells of invoices. Amounts in minor units."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """A merchant was invoiced; ``open`` of ``gross`` is to be paid by bank."""

    type: ClassVar[str] = "payments.invoice_issued"
    aggregate_type: ClassVar[str] = "invoice"

    invoice_id: int
    number: str
    gross: int
    open: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the invoice's id."""
        return str(self.invoice_id)


@dataclass(frozen=True, kw_only=True)
class InvoiceCredited(InvoiceIssued):
    """An invoice was taken back by the credit note ``invoice_id``; nothing of it is open."""

    type: ClassVar[str] = "payments.invoice_credited"

    credits_id: int
