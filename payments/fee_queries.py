"""Reads of fees and invoices: a merchant's plan, its invoices, and the payments behind a line."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from okplatform.kernel.db import call
from payments.bookkeeping.fees import FeeKind, FeeLine, Rate, in_order
from payments.bookkeeping.vat import Vat, VatCategory
from payments.models import Invoice, InvoiceFile, InvoiceLine, Plan, PlanPrice

PRICE_ON = "SELECT fees_price_on(%s, %s)"

LINES = """
SELECT kind, channel, fixed, percentage_bp, vat_rate_bp, count(*), sum(amount)::bigint
FROM payments_fee_priced WHERE {} GROUP BY 1, 2, 3, 4, 5
"""
WAITING = LINES.format("merchant_id = %s AND invoice_id IS NULL")
ON_INVOICE = LINES.format("invoice_id = %s")

# The page first, from the index that has its order: a line may stand for a million fees.
BEHIND = """
WITH page AS MATERIALIZED (
    SELECT id, accrued_on, sale_id, amount FROM payments_fee
    WHERE invoice_id = %(invoice)s AND merchant_id = %(merchant)s
        AND kind = %(kind)s AND channel = %(channel)s AND vat_rate_bp = %(vat)s
        AND price_id = ANY (ARRAY(
            SELECT price_id FROM payments_plan_rate
            WHERE (kind, channel, fixed, percentage_bp)
                = (%(kind)s, %(channel)s, %(fixed)s, %(bp)s)))
        AND id > %(after)s
    ORDER BY id LIMIT %(most)s
)
SELECT page.id, page.accrued_on, sale.uuid, sale.reference, store.name, paid.amount, page.amount
FROM page
LEFT JOIN trade_sale sale ON sale.id = page.sale_id
LEFT JOIN parties_store store ON store.id = sale.store_id
LEFT JOIN payments_payment paid ON paid.sale_id = page.sale_id
ORDER BY page.id
"""


# A refund that came back is tried again; it is one refund, by its first attempt.
REFUNDED = """
SELECT refund.id, sum(earlier.amount)::bigint FROM payments_refund refund
JOIN payments_refund earlier ON earlier.payment_id = refund.payment_id
    AND earlier.attempt = 1 AND earlier.id <= refund.id
WHERE refund.sale_return_id = %s AND refund.attempt = 1
GROUP BY refund.id
"""


@dataclass(frozen=True, slots=True)
class FeeOf:
    """One fee behind a line: its sale, what was paid (cents) and what that cost (1/100 cent)."""

    id: int
    accrued_on: date
    sale_uuid: Any
    sale_reference: str | None
    store: str | None
    paid: int | None
    amount: int


def price_of(merchant_id: int, day: date) -> PlanPrice | None:
    """Return what a merchant pays on a day, with its plan; None where nobody set a price."""
    price_id = call(PRICE_ON, [merchant_id, day])[0][0]
    return PlanPrice.objects.select_related("plan").filter(pk=price_id).first()


def plans_on(day: date) -> list[tuple[Plan, PlanPrice]]:
    """Return every plan with its price of a day, the cheapest month first."""
    prices = PlanPrice.objects.filter(since__lte=day).select_related("plan")
    latest = prices.order_by("plan_id", "-since").distinct("plan_id")
    return sorted(((price.plan, price) for price in latest), key=lambda found: found[1].monthly)


def waiting_lines(merchant_id: int) -> list[FeeLine]:
    """Return what accrued and is on no invoice yet, as the lines that it would make today."""
    return _lines(WAITING, merchant_id)


def lines_on(invoice_id: int) -> list[FeeLine]:
    """Return the fees that an invoice has claimed, as its lines in order."""
    return _lines(ON_INVOICE, invoice_id)


def _lines(sql: str, subject_id: int) -> list[FeeLine]:
    return in_order(
        FeeLine(
            kind=FeeKind(kind),
            channel=channel,
            rate=Rate(fixed, percentage_bp),
            vat=Vat(VatCategory.STANDARD, vat_rate_bp),
            count=count,
            accrued=accrued,
        )
        for kind, channel, fixed, percentage_bp, vat_rate_bp, count, accrued in call(
            sql, [subject_id]
        )
    )


def invoices_of_scope() -> QuerySet[Invoice]:
    """Return the invoices and credit notes of the merchant in scope, the newest first."""
    return Invoice.objects.select_related("credits").order_by("-pk")


def lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """Return an invoice's lines in order."""
    return list(InvoiceLine.objects.filter(invoice=invoice).order_by("number"))


def fees_behind(line: InvoiceLine, invoice: Invoice, *, after: int, most: int) -> list[FeeOf]:
    """Return the fees that make a line, from one behind ``after`` on; a credit note has none."""
    rows = call(
        BEHIND,
        {
            "invoice": invoice.pk,
            "merchant": invoice.merchant_id,
            "kind": line.kind,
            "channel": line.channel,
            "vat": line.vat_rate_bp,
            "fixed": line.fixed,
            "bp": line.percentage_bp,
            "after": after,
            "most": most,
        },
    )
    return [FeeOf(*row) for row in rows]


def refunded_through(*, return_id: int) -> tuple[int, int]:
    """Return the refund of a return, and what was refunded of its payment by then (cents)."""
    refund_id, refunded = call(REFUNDED, [return_id])[0]
    return int(refund_id), int(refunded)


def document_in(invoice: Invoice, form: str) -> bytes | None:
    """Return an invoice in one of its forms, as it was sent; None where it was not made."""
    kept = InvoiceFile.objects.filter(invoice=invoice, form=form).values_list("content", flat=True)
    content = kept.first()
    return None if content is None else bytes(content)
