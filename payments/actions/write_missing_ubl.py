"""Write invoices as UBL that could not be when they were made: the merchant had no address."""

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant
from payments.bookkeeping.ubl import lacks, write_ubl
from payments.invoicing import ADDRESS, document_of, keep_file
from payments.models import Invoice, InvoiceFile, InvoiceForm, InvoiceLine


def write_missing_ubl(*, merchant_id: int, actor: Actor) -> int:
    """Write the UBL of a merchant's invoices that have none, with its address; return how many.

    All else stands in it as on paper, which stays as it was. Nothing while there is no address.
    """
    with merchant_scope(merchant_id), transaction():
        # One at a time: whoever comes second finds nothing missing.
        merchant = Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        if not merchant.has_address:
            return 0
        made = [invoice.number for invoice in _without_ubl() if _write(invoice, merchant)]
        if made:
            audit.record(
                actor=actor,
                action="invoices_written_as_ubl",
                object_type="merchant",
                object_id=merchant_id,
                merchant_id=merchant_id,
                data={"numbers": made},
            )
    return len(made)


def _without_ubl() -> list[Invoice]:
    written = InvoiceFile.objects.filter(form=InvoiceForm.UBL).values("invoice_id")
    found = Invoice.objects.exclude(pk__in=written).select_related("credits", "house_account")
    return list(found.order_by("pk"))


def _write(invoice: Invoice, merchant: Merchant) -> bool:
    invoice.buyer |= {name: getattr(merchant, name) for name in ADDRESS}
    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("number")
    document = document_of(invoice, list(lines))
    if lacks(document):
        return False
    keep_file(invoice, InvoiceForm.UBL, write_ubl(document))
    return True
