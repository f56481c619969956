"""What OK may ask for its work, as it accrues: outside the ledger until it is invoiced."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check
from payments.bookkeeping.fees import FeeKind


class Fee(models.Model):
    """One fee of live trade in 1/100 cent, VAT not included; below zero what is given back.

    ``subject_id`` makes it unique within its kind: the payment's sale, the refund, or the month
    (202611). ``price`` is what it was computed by, ``channel`` where the sale was (empty where the
    price is the same everywhere), and ``vat_rate_bp`` the rate of the day. Only its invoice comes
    later, once.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the functions that write fees look it up
    )
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in FeeKind])
    subject_id = models.BigIntegerField()
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    channel = models.CharField(max_length=8, blank=True)
    price = models.ForeignKey(
        "payments.PlanPrice",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    amount = models.BigIntegerField()
    vat_rate_bp = models.IntegerField()
    accrued_on = models.DateField()
    invoice = models.ForeignKey(
        "payments.Invoice",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, invoice) refers to it
    )

    objects: ClassVar[models.Manager["Fee"]] = MerchantManager()

    class Meta:
        """A fee accrues once; those that wait are found by merchant, those invoiced by line."""

        constraints = (
            models.UniqueConstraint(fields=("subject_id", "kind", "merchant"), name="fee_once"),
            models.CheckConstraint(
                condition=Q(kind=FeeKind.REFUND, amount__lte=0)
                | ~Q(kind=FeeKind.REFUND) & Q(amount__gte=0),
                name="fee_is_asked_or_given_back",
            ),
            models.CheckConstraint(
                condition=Q(kind=FeeKind.MONTHLY, sale=None, channel="")
                | Q(kind=FeeKind.HANDLING, sale__isnull=False, channel="")
                | ~Q(kind__in=(FeeKind.MONTHLY, FeeKind.HANDLING))
                & Q(sale__isnull=False)
                & ~Q(channel=""),
                name="fee_of_a_month_or_a_sale",
            ),
            models.CheckConstraint(
                condition=Q(vat_rate_bp__range=(1, 10_000)), name="fee_vat_rate_is_a_rate"
            ),
            choice_check("fee", "kind", FeeKind),
        )
        indexes = (
            models.Index(
                fields=("merchant", "accrued_on"),
                condition=Q(invoice=None),
                name="fee_waiting",
            ),
            models.Index(
                fields=("invoice", "kind", "channel", "id"),
                condition=Q(invoice__isnull=False),
                name="fee_of_invoice",
            ),
            models.Index(fields=("sale",), condition=Q(kind=FeeKind.REFUND), name="fee_given_back"),
        )

    @override
    def __str__(self) -> str:
        """Return what it is for."""
        return f"{self.kind} {self.subject_id}"
