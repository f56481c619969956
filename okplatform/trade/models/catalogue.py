"""What a merchant sells."""

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, reference_check

MOST_WARRANTY_MONTHS = 600


class Unit(models.TextChoices):
    """What a quantity counts. Weight and volume are priced per 1,000."""

    PIECE = "piece", _("piece")
    GRAM = "gram", _("gram")
    MILLILITRE = "millilitre", _("millilitre")


class Category(models.Model):
    """A group of products; offers name categories by reference."""

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "trade.Category",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, parent) refers to it
    )

    objects: ClassVar[models.Manager["Category"]] = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what composite foreign keys point at."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "reference"), name="category_by_reference"),
            models.UniqueConstraint(fields=("merchant", "id"), name="category_by_merchant"),
            reference_check("category"),
        )

    @override
    def __str__(self) -> str:
        """Return the category's name."""
        return self.name


class Product(models.Model):
    """Something a merchant sells under its own ``sku``.

    ``price`` is in minor units, VAT included, per piece or per 1,000 gram or millilitre;
    ``vat_rate_bp`` in basis points (900 is 9 %); ``gtin`` the bar code's 14-digit form, or empty.
    ``warranty_months`` is how long its seller or maker promises to mend it; None promises nothing.
    ``cost`` is what the merchant pays for as much, in minor units without VAT; None is not known.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sku = models.CharField(max_length=64)
    gtin = models.CharField(max_length=14, blank=True)
    name = models.CharField(max_length=200)
    category = models.ForeignKey(
        "trade.Category",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, category) refers to it
    )
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.PIECE)
    price = models.BigIntegerField()
    vat_rate_bp = models.IntegerField()
    warranty_months = models.PositiveSmallIntegerField(null=True)
    active = models.BooleanField(default=True)
    cost = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager["Product"]] = MerchantManager()

    class Meta:
        """Found by SKU (a sale's lines), and by GTIN or the start of its name (browser till)."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "sku"), name="product_by_sku"),
            models.UniqueConstraint(fields=("merchant", "id"), name="product_by_merchant"),
            choice_check("product", "unit", Unit),
            models.CheckConstraint(condition=~models.Q(sku=""), name="product_has_a_sku"),
            models.CheckConstraint(
                condition=models.Q(gtin__regex=r"^([0-9]{14})?$"), name="product_gtin_has_14_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0), name="product_price_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(cost__gte=0), name="product_cost_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(vat_rate_bp__range=(0, 10_000)),
                name="product_vat_rate_is_a_rate",
            ),
            models.CheckConstraint(
                condition=models.Q(warranty_months__range=(1, MOST_WARRANTY_MONTHS)),
                name="product_warranty_is_some_months",
            ),
        )
        indexes = (
            models.Index("merchant", "gtin", condition=~models.Q(gtin=""), name="product_by_gtin"),
            models.Index(
                "merchant", OpClass(Lower("name"), "text_pattern_ops"), name="product_by_name"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the name on the shelf."""
        return self.name
