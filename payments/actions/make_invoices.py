"""Invoice merchants for the months that are over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.modes import Mode
from okplatform.kernel.money import half_up
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant
from payments.actions.accrue_months import accrue_months
from payments.actions.expect import expect
from payments.bookkeeping.fee_words import line_detail, line_name
from payments.bookkeeping.fees import HUNDREDTHS, FeeLine
from payments.calendar import local_day
from payments.chart import (
    EUR,
    MERCHANT_PAYABLE,
)
from payments.events.fees import InvoiceIssued
from payments.fee_queries import lines_on
from payments.invoicing import buyer, entries, keep_documents, seller, take_number
from payments.ledger import AccountRef, open_account, post
from payments.models import ExpectationKind, HouseAccount, Invoice, InvoiceKind, InvoiceLine
from payments.postings import (
    INVOICE_ISSUED,
)
from payments.settlement import next_id, settling_accounts

DAYS_TO_PAY = 14
MOST_AT_ONCE = 2_000
"""Merchants in one run; the task comes back for the others long before its time is over."""

DUE = """
SELECT merchant.id FROM parties_merchant merchant
WHERE merchant.id > %(after)s AND EXISTS (
    SELECT FROM payments_fee fee WHERE fee.merchant_id = merchant.id
        AND fee.invoice_id IS NULL AND fee.accrued_on <= %(through)s AND fee.amount <> 0)
ORDER BY merchant.id LIMIT %(most)s
"""

# Whoever invoices a merchant holds its account in the ledger, as whoever debits it does.
HOLD = "SELECT floor FROM payments_account WHERE id = %s FOR NO KEY UPDATE"
BALANCE = "SELECT ledger_balance(%s)"

CLAIM = """
UPDATE payments_fee SET invoice_id = %(invoice)s
WHERE merchant_id = %(merchant)s AND invoice_id IS NULL AND accrued_on <= %(through)s
"""


class _NothingToAskError(Exception):
    """The fees come to nothing, or below it: they wait, on no invoice."""


def make_invoices(*, now: datetime, actor: Actor, most: int = MOST_AT_ONCE) -> list[int]:
    """Invoice what accrued in the months that are over and is on no invoice yet; return the ids.

    May run twice, and side by side: a fee is on one invoice. What the merchant is owed pays it, as
    far as its floor allows; the rest is expected by bank. A month that comes to nothing, or below
    it, waits for the next. Nothing happens before OK has an account of its own.
    """
    ours = next((one for one in settling_accounts() if one.mode == Mode.LIVE), None)
    if ours is None:
        return []
    through = local_day(now).replace(day=1) - timedelta(days=1)
    accrue_months(first_day=through.replace(day=1))
    made: list[int] = []
    after = 0
    while len(made) < most and (due := _due(after, through)):
        for merchant_id in due:
            invoice_id = _make(merchant_id, ours, through, now=now, actor=actor)
            made += [] if invoice_id is None else [invoice_id]
        after = due[-1]
    return made


def _due(after: int, through: date) -> Sequence[int]:
    rows = call(DUE, {"after": after, "through": through, "most": 200})
    return [int(row[0]) for row in rows]


def _make(
    merchant_id: int, ours: HouseAccount, through: date, *, now: datetime, actor: Actor
) -> int | None:
    """Invoice one merchant in a transaction of its own; None when there is nothing to ask."""
    try:
        with transaction(), operator_scope("invoicing"):
            available = _hold(merchant_id)
            invoice_id = next_id("payments_invoice")
            lines = _claim(invoice_id, merchant_id, through)
            merchant = Merchant.objects.get(pk=merchant_id)
            invoice = _write(invoice_id, merchant, ours, lines, available, through, now=now)
            _book(invoice, merchant, now=now)
            _tell(invoice, now=now, actor=actor)
    except _NothingToAskError:
        return None
    return invoice_id


def _hold(merchant_id: int) -> int:
    """Return what may be taken off what the merchant is owed; others who would take it wait."""
    payable = AccountRef(MERCHANT_PAYABLE.kind, merchant_id, EUR)
    account_id = open_account(payable, mode=Mode.LIVE)
    floor = call(HOLD, [account_id])[0][0]
    balance = int(call(BALANCE, [account_id])[0][0])
    return max(balance - int(floor or 0), 0)


def _claim(invoice_id: int, merchant_id: int, through: date) -> list[FeeLine]:
    """Put the merchant's fees on the invoice; return them as its lines."""
    # What is claimed is ours alone: what is added up after it can no longer change.
    call(CLAIM, {"invoice": invoice_id, "merchant": merchant_id, "through": through})
    lines = lines_on(invoice_id)
    if sum(line.net for line in lines) <= 0:
        raise _NothingToAskError
    return lines


def _vat_on(lines: Sequence[FeeLine]) -> int:
    """Return the VAT of an invoice: per rate on the sum of its lines (EN 16931, BR-CO-17)."""
    nets = dict.fromkeys((line.vat for line in lines), 0)
    for line in lines:
        nets[line.vat] += line.net
    return sum(vat.on(net) for vat, net in nets.items())


def _write(
    invoice_id: int,
    merchant: Merchant,
    ours: HouseAccount,
    lines: Sequence[FeeLine],
    available: int,
    through: date,
    *,
    now: datetime,
) -> Invoice:
    """Write the invoice with its lines and documents."""
    net, vat = sum(line.net for line in lines), _vat_on(lines)
    settled = min(available, net + vat)
    issued_on = local_day(now)
    sequence, number = take_number(issued_on.year)
    invoice = Invoice.objects.create(
        pk=invoice_id,
        merchant=merchant,
        kind=InvoiceKind.INVOICE,
        year=issued_on.year,
        sequence=sequence,
        number=number,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=DAYS_TO_PAY),
        first_day=through.replace(day=1),
        last_day=through,
        currency=EUR,
        language=merchant.language,
        net=net,
        vat=vat,
        gross=net + vat,
        rounding=net - half_up(sum(line.accrued for line in lines), HUNDREDTHS),
        settled=settled,
        settled_on=issued_on if settled == net + vat else None,
        house_account=ours,
        seller=seller(),
        buyer=buyer(merchant),
    )
    rows = InvoiceLine.objects.bulk_create(_rows(invoice, lines))
    keep_documents(invoice, rows)
    return invoice


def _rows(invoice: Invoice, lines: Sequence[FeeLine]) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            invoice=invoice,
            number=number,
            kind=line.kind,
            channel=line.channel,
            fixed=line.rate.fixed,
            percentage_bp=line.rate.percentage_bp,
            vat_rate_bp=line.vat.rate_bp,
            count=line.count,
            accrued=line.accrued,
            net=line.net,
            name=line_name(line, invoice.language),
            detail=line_detail(line, invoice.language),
        )
        for number, line in enumerate(lines, start=1)
    ]


def _book(invoice: Invoice, merchant: Merchant, *, now: datetime) -> None:
    """Book what is asked, and expect by bank what the merchant's money does not pay."""
    post(
        kind=INVOICE_ISSUED,
        reference=str(invoice.pk),
        mode=Mode.LIVE,
        entries=entries(invoice, sign=1),
        now=now,
    )
    if invoice.open:
        expect(
            mode=Mode.LIVE,
            house_account_id=invoice.house_account_id,
            kind=ExpectationKind.INVOICE,
            subject_id=invoice.pk,
            amount=invoice.open,
            currency=invoice.currency,
            end_to_end_id=f"OKI{invoice.pk}",
            reference=invoice.number,
            iban=merchant.iban,
            due_on=invoice.due_on,
            now=now,
        )


def _tell(invoice: Invoice, *, now: datetime, actor: Actor) -> None:
    facts: dict[str, Any] = {"number": invoice.number, "gross": invoice.gross, "open": invoice.open}
    audit.record(
        actor=actor,
        action="invoice_issued",
        object_type="invoice",
        object_id=invoice.pk,
        merchant_id=invoice.merchant_id,
        mode=Mode.LIVE,
        data=facts,
    )
    events.publish(
        InvoiceIssued(invoice_id=invoice.pk, **facts),
        now=now,
        merchant_id=invoice.merchant_id,
        mode=Mode.LIVE,
    )
