"""Codes that open an offer: which there are, who keeps one, and which sale used it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

LONGEST_CODE = 32
MOST_CODES = 1_000_000


class SeriesKind(models.TextChoices):
    """Where the codes of a series come from."""

    GENERIC = "generic", _("one code for everybody")
    LISTED = "listed", _("codes of your own")
    MADE = "made", _("codes that we make")


class CouponSeries(models.Model):
    """Codes that were made together, for one offer.

    ``asked`` is how many there will be, ``made`` how many there are. Each code counts ``uses_each``
    times, in each mode; null is no limit but those of the offer.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, offer) refers to it
    )
    kind = models.CharField(max_length=7, choices=SeriesKind.choices)
    prefix = models.CharField(max_length=8, blank=True)
    uses_each = models.IntegerField(null=True)
    asked = models.IntegerField()
    made = models.IntegerField(default=0)
    opened_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what composite foreign keys point at."""

        db_table = "loyalty_coupon_series"
        constraints = (
            models.UniqueConstraint(fields=("merchant", "id"), name="coupon_series_by_merchant"),
            choice_check("coupon_series", "kind", SeriesKind),
            models.CheckConstraint(
                condition=Q(asked__range=(1, MOST_CODES), made__range=(0, F("asked"))),
                name="coupon_series_makes_what_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(uses_each=None) | Q(uses_each__gt=0),
                name="coupon_series_codes_can_be_used",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=Q(made__lt=F("asked")), name="coupon_series_in_making"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the number."""
        return f"series {self.pk}"

    @property
    def is_ready(self) -> bool:
        """Say whether all of its codes are there."""
        return int(self.made) == int(self.asked)


class Coupon(models.Model):
    """One code, written as ``loyalty.coupon_codes.plain`` writes it.

    ``left_live`` and ``left_test`` are how often it may still be used in that mode; null is no
    limit.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    series = models.ForeignKey(
        "loyalty.CouponSeries",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, series) refers to it
    )
    code = models.CharField(max_length=LONGEST_CODE)
    left_live = models.IntegerField(null=True)
    left_test = models.IntegerField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """A code is one of its merchant's; another may have the same. Code first: it is sought."""

        constraints = (
            models.UniqueConstraint(fields=("code", "merchant"), name="coupon_code_is_one"),
            models.UniqueConstraint(fields=("series", "id"), name="coupon_by_series"),
            models.CheckConstraint(
                condition=(Q(left_live=None) | Q(left_live__gte=0))
                & (Q(left_test=None) | Q(left_test__gte=0)),
                name="coupon_is_not_overused",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the number; the code is worth money."""
        return f"coupon {self.pk}"


class CouponUse(models.Model):
    """A coupon that a sale used, or holds while it is not paid; ``amount`` is what its offer gave.

    Its key makes it count once. ``given_back_by`` is the return that gave it back.
    """

    pk = models.CompositePrimaryKey("sale_id", "coupon_id")
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    coupon = models.ForeignKey(
        "loyalty.Coupon",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (series, coupon) refers to it
    )
    series = models.ForeignKey(
        "loyalty.CouponSeries",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, series) refers to it
    )
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the series' own
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    amount = models.BigIntegerField()
    used_at = models.DateTimeField()
    given_back_by = models.ForeignKey(
        "trade.Return",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,  # (merchant, mode, given_back_by) refers to it
    )

    objects: Any = MerchantManager()

    class Meta:
        """Read by sale, and by coupon."""

        db_table = "loyalty_coupon_use"
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="coupon_use_gave_something"),
        )

    @override
    def __str__(self) -> str:
        """Return the amount in minor units."""
        return str(self.amount)


class KeptCoupon(models.Model):
    """A coupon that a person keeps in the wallet, so that a scan brings it along."""

    pk = models.CompositePrimaryKey("person_id", "coupon_id")
    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    coupon = models.ForeignKey(
        "loyalty.Coupon",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (series, coupon) refers to it
    )
    series = models.ForeignKey(
        "loyalty.CouponSeries",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, series) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    kept_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by person."""

        db_table = "loyalty_kept_coupon"

    @override
    def __str__(self) -> str:
        """Return which coupon."""
        return f"coupon {self.coupon_id}"
