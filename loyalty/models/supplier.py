"""Who pays a part of an offer instead of the shop, and what they owe for it."""

from typing import Any

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class Supplier(models.Model):
    """A brand or wholesaler that pays a part of a merchant's offers. No shopper sees it."""

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=80)

    objects: Any = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what composite foreign keys point at."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "name"), name="supplier_by_name"),
            models.UniqueConstraint(fields=("merchant", "id"), name="supplier_by_merchant"),
        )

    @override
    def __str__(self) -> str:
        """Return the name."""
        return self.name


class OfferShare(models.Model):
    """The part of what an offer gives, in basis points, that a supplier pays from now on."""

    offer = models.OneToOneField(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, offer) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    supplier = models.ForeignKey(
        "loyalty.Supplier",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, supplier) refers to it
    )
    share_bp = models.IntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every row."""

        db_table = "loyalty_offer_share"
        constraints = (
            models.CheckConstraint(
                condition=Q(share_bp__range=(1, 10_000)), name="offer_share_is_a_share"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the share."""
        return str(self.share_bp)


class SupplierShare(models.Model):
    """What a supplier pays of what an offer gave one sale, as it stands after what came back.

    ``share_bp`` is the share of the day of the sale. ``steps`` counts its postings.
    """

    pk = models.CompositePrimaryKey("sale_id", "offer_id")
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, offer) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    supplier = models.ForeignKey(
        "loyalty.Supplier",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, supplier) refers to it
    )
    share_bp = models.IntegerField()
    amount = models.BigIntegerField(default=0)
    steps = models.SmallIntegerField(default=0)

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every row."""

        db_table = "loyalty_supplier_share"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="supplier_share_is_not_negative"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the amount in minor units."""
        return str(self.amount)
