"""What OK took from a bank account for a sale."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class Payment(models.Model):
    """The OK part of one sale, in minor units; the sale is its key, so there is at most one.

    It is captured in the transaction that closes the sale. Its posting in the ledger has the kind
    ``sale_paid`` and the sale's id as its reference; where an ``Authorisation`` was captured in
    parts, the postings are those of its parts.
    """

    sale = models.OneToOneField(
        "trade.Sale",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # a shopper's payments are found through the ledger account
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    captured_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Payment"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every payment."""

        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="payment_amount_is_more_than_zero"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which sale it paid."""
        return f"sale {self.sale_id}"
