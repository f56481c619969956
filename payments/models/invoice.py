"""What OK asked merchants for its work: invoices and credit notes, numbered without a gap."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check
from payments.bookkeeping.fees import FeeKind


class InvoiceKind(models.TextChoices):
    """What a numbered document is."""

    INVOICE = "invoice", "invoice"
    CREDIT_NOTE = "credit_note", "credit note"


class InvoiceForm(models.TextChoices):
    """In which forms a document is kept."""

    PDF = "pdf", "PDF"
    UBL = "ubl", "UBL"


class InvoiceSeries(models.Model):
    """The last number given out in a year; ``invoice_number`` of PostgreSQL gives the next."""

    year = models.IntegerField(primary_key=True)
    last = models.IntegerField()

    class Meta:
        """The invoice behind each number is held by a trigger (migrations/sql/fees.sql)."""

        db_table = "payments_invoice_series"

    @override
    def __str__(self) -> str:
        """Return the year and how far it is."""
        return f"{self.year}: {self.last}"


class Invoice(models.Model):
    """An invoice for a month's fees, or a credit note that takes one back whole.

    Amounts are in minor units and above zero, on a credit note too. ``settled`` is what was taken
    off what OK owed the merchant (or, on a credit note, put back there); the rest is ``open``
    until ``settled_on``. ``rounding`` is what rounding its lines asked more than all fees
    together. ``seller`` and ``buyer`` are the parties as they stand on it, for ever.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=11, choices=InvoiceKind.choices)
    year = models.IntegerField()
    sequence = models.IntegerField()
    number = models.CharField(max_length=20, unique=True)
    issued_on = models.DateField()
    due_on = models.DateField()
    first_day = models.DateField()
    last_day = models.DateField()
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=2)
    net = models.BigIntegerField()
    vat = models.BigIntegerField()
    gross = models.BigIntegerField()
    rounding = models.BigIntegerField()
    settled = models.BigIntegerField()
    settled_on = models.DateField(null=True)
    house_account = models.ForeignKey(
        "payments.HouseAccount", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seller = models.JSONField()
    buyer = models.JSONField()
    credits = models.OneToOneField(
        "payments.Invoice", on_delete=models.PROTECT, null=True, related_name="credited_by"
    )
    reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager["Invoice"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every invoice."""

        constraints = (
            models.UniqueConstraint(fields=("year", "sequence"), name="invoice_by_number"),
            # What fees and lines refer to, and how a merchant's invoices are found.
            models.UniqueConstraint(fields=("merchant", "id"), name="invoice_by_merchant"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("vat"), gross__gt=0, net__gt=0, vat__gte=0),
                name="invoice_gross_is_net_and_vat",
            ),
            models.CheckConstraint(
                condition=Q(settled__gte=0, settled__lte=F("gross")),
                name="invoice_settled_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(kind=InvoiceKind.INVOICE.value, credits=None, reason="")
                | Q(kind=InvoiceKind.CREDIT_NOTE.value, credits__isnull=False) & ~Q(reason=""),
                name="invoice_is_credited_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("issued_on"), last_day__gte=F("first_day")),
                name="invoice_days_are_in_order",
            ),
            currency_check("invoice"),
            choice_check("invoice", "kind", InvoiceKind),
        )

    @override
    def __str__(self) -> str:
        """Return its number."""
        return self.number

    @property
    def open(self) -> int:
        """Return what is to be paid by bank, in minor units; 0 when it came."""
        return 0 if self.settled_on else self.gross - self.settled


class InvoiceLine(models.Model):
    """Everything that accrued under one price; ``accrued`` in 1/100 cent, ``net`` in cents.

    ``net`` is ``accrued`` rounded once, half up. ``name`` and ``detail`` read as they were sent.
    """

    invoice = models.ForeignKey(
        "payments.Invoice", on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=8)
    channel = models.CharField(max_length=8, blank=True)
    fixed = models.BigIntegerField()
    percentage_bp = models.IntegerField()
    vat_rate_bp = models.IntegerField()
    count = models.BigIntegerField()
    accrued = models.BigIntegerField()
    net = models.BigIntegerField()
    name = models.CharField(max_length=120)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        """Numbered from 1; the remainder of rounding is half a cent at most."""

        db_table = "payments_invoice_line"
        constraints = (
            models.UniqueConstraint(fields=("invoice", "number"), name="invoice_line_by_number"),
            models.CheckConstraint(
                condition=Q(accrued__range=(F("net") * 100 - 50, F("net") * 100 + 50)),
                name="invoice_line_is_rounded_once",
            ),
            models.CheckConstraint(condition=Q(count__gt=0), name="invoice_line_counts_something"),
            choice_check("invoice_line", "kind", FeeKind),
        )

    @override
    def __str__(self) -> str:
        """Return what it is for."""
        return self.name


class InvoiceFile(models.Model):
    """A document byte for byte as the merchant got it; ``sha256`` is that of ``content``."""

    invoice = models.ForeignKey(
        "payments.Invoice", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    form = models.CharField(max_length=3, choices=InvoiceForm.choices)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """One of each form."""

        db_table = "payments_invoice_file"
        constraints = (
            models.UniqueConstraint(fields=("invoice", "form"), name="invoice_file_by_form"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="invoice_file_hash_is_sha256"
            ),
            choice_check("invoice_file", "form", InvoiceForm),
        )

    @override
    def __str__(self) -> str:
        """Return which form of which invoice."""
        return f"{self.form} of invoice {self.invoice_id}"
