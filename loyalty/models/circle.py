"""Merchants that share points: on which terms, who takes part, and what was drawn where."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

NOTICE = timedelta(days=90)
"""How long the points of who leaves a circle still count in its other shops."""
MOST_SHOPS = 50
MOST_AMOUNT = 1_000_000


class Circle(models.Model):
    """Shops whose points count at each other's tills, under one ``name``.

    For each ``points`` of its own that are spent at another shop a merchant owes that shop
    ``amount``, in minor units; that is agreed once and stays. ``merchant`` began it and invites.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=80)
    points = models.IntegerField()
    amount = models.IntegerField()
    begun_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every circle."""

        constraints = (
            models.CheckConstraint(
                condition=Q(points__range=(1, MOST_AMOUNT), amount__range=(1, MOST_AMOUNT)),
                name="circle_has_its_price",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its name."""
        return self.name


class ShopState(models.TextChoices):
    """Where a merchant stands in a circle; ``leaving`` earns nothing, and its points still count.

    Until ``CircleShop.ends_at``: then it is out, and its points are its own alone.
    """

    INVITED = "invited", _("invited")
    IN = "in", _("takes part")
    LEAVING = "leaving", _("leaves")
    OUT = "out", _("out")


class CircleShop(models.Model):
    """A merchant in a circle: in one at a time, whatever it is invited to."""

    circle = models.ForeignKey("loyalty.Circle", on_delete=models.PROTECT, related_name="shops")
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=7, choices=ShopState.choices)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """Found by merchant where a sale looks, and by circle."""

        db_table = "loyalty_circle_shop"
        constraints = (
            models.UniqueConstraint(fields=("merchant", "circle"), name="circle_shop_once"),
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(state__in=("in", "leaving")),
                name="circle_shop_in_one_circle",
            ),
            choice_check("circle_shop", "state", ShopState),
            models.CheckConstraint(
                condition=Q(state=ShopState.INVITED.value)
                | Q(state=ShopState.OUT.value)
                | Q(joined_at__isnull=False),
                name="circle_shop_joined_once_in",
            ),
            models.CheckConstraint(
                condition=~Q(state=ShopState.LEAVING.value) | Q(ends_at__isnull=False),
                name="circle_shop_leaves_at_a_moment",
            ),
        )
        indexes = (
            models.Index(
                fields=("ends_at",), condition=Q(state="leaving"), name="circle_shop_leaving"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return where it stands."""
        return self.state


class PointsDraw(models.Model):
    """Points of one merchant that a sale at another drew, of the same person.

    The ``giver``'s merchant owes the sale's merchant ``price_amount`` for each ``price_points`` of
    ``points - back``, half a cent up. ``back`` were sent back with what came back of the sale, in
    so many ``steps``, each a posting.
    """

    pk = models.CompositePrimaryKey("sale_id", "giver_id")
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    giver = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (giver_merchant, mode, giver) refers to them
    )
    giver_merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    taker = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, taker) refers to them
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    circle = models.ForeignKey(
        "loyalty.Circle", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    points = models.BigIntegerField()
    back = models.BigIntegerField(default=0)
    steps = models.SmallIntegerField(default=0)
    price_points = models.IntegerField()
    price_amount = models.IntegerField()
    drawn_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Added up by either merchant and month."""

        db_table = "loyalty_points_draw"
        constraints = (
            models.CheckConstraint(
                condition=Q(points__gt=0, back__range=(0, F("points"))),
                name="points_draw_sends_back_at_most_its_points",
            ),
            models.CheckConstraint(
                condition=~Q(merchant=F("giver_merchant")),
                name="points_draw_is_between_two",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "mode", "drawn_at"), name="points_draw_taken"),
            models.Index(fields=("giver_merchant", "mode", "drawn_at"), name="points_draw_given"),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
