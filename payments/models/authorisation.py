"""What a shopper has promised for a sale, and the parts of it that were captured."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class Authorisation(models.Model):
    """An amount of a bank account set aside for one sale, in minor units, captured in parts.

    A sale that pays at once has a ``Payment`` and no authorisation. Here the ``Payment`` is written
    when the authorisation ends (``ended_at``), of all that was ``captured`` by then; what was not
    is released. ``parts`` is how many times something was captured. With a ``bank_payment`` the
    shopper paid the amount at the bank before: what is released goes back there.
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
        db_index=False,
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    captured = models.BigIntegerField(default=0)
    parts = models.IntegerField(default=0)
    authorised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    bank_payment = models.OneToOneField(
        "payments.BankPayment", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[models.Manager["Authorisation"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every authorisation."""

        constraints = (
            # What captures refer to.
            models.UniqueConstraint(
                fields=("merchant", "mode", "sale"), name="authorisation_by_mode"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="authorisation_amount_is_more_than_zero"
            ),
            models.CheckConstraint(
                condition=Q(captured__gte=0, captured__lte=F("amount")),
                name="captured_is_at_most_authorised",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return for which sale."""
        return f"sale {self.sale_id}"


class Capture(models.Model):
    """A part of an authorisation that was captured; numbered from 1, never changed.

    Its posting in the ledger has the kind ``part_captured`` and the reference "<sale>-<number>".
    """

    pk = models.CompositePrimaryKey("sale_id", "number")
    sale = models.ForeignKey(
        "payments.Authorisation",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    number = models.IntegerField()
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    amount = models.BigIntegerField()
    captured_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Capture"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every part."""

        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="capture_amount_is_more_than_zero"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which part of which sale."""
        return f"{self.sale_id}-{self.number}"
