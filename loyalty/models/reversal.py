"""What was taken back of a sale's points and offers when its goods or its money came back."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class Reversal(models.Model):
    """What one return took back from the member who had earned it. Its key makes it count once.

    ``milli`` are the milli-points that came back; ``points`` the whole points lost by it, of which
    ``taken`` were there and the rest is a ``PointsDebt``. ``balance`` is what the member had then.
    """

    sale_return = models.OneToOneField(
        "trade.Return",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale_return) refers to it
    )
    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, member) refers to them
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # the return's own
    )
    milli = models.BigIntegerField()
    points = models.BigIntegerField()
    taken = models.BigIntegerField()
    balance = models.BigIntegerField()
    reversed_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by member, newest first."""

        constraints = (
            models.CheckConstraint(
                condition=Q(milli__gt=0, points__gte=0, taken__range=(0, F("points"))),
                name="reversal_takes_at_most_its_points",
            ),
        )
        indexes = (models.Index(fields=("member", "-reversed_at"), name="reversal_of_member"),)

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(-self.points)


class PointsDebt(models.Model):
    """Points that were spent before the purchase that earned them came back.

    A member's balance never goes below zero; the next points pay ``outstanding``, the oldest debt
    first.
    """

    reversal = models.OneToOneField(
        "loyalty.Reversal", on_delete=models.PROTECT, primary_key=True, related_name="debt"
    )
    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the reversal's own
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    points = models.BigIntegerField()
    outstanding = models.BigIntegerField()
    opened_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What is open is found by its member."""

        db_table = "loyalty_points_debt"
        constraints = (
            models.CheckConstraint(
                condition=Q(points__gt=0, outstanding__range=(0, F("points"))),
                name="points_debt_is_paid_down",
            ),
        )
        indexes = (
            models.Index(
                fields=("member", "reversal"),
                condition=Q(outstanding__gt=0),
                name="points_debt_open",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what is left of it."""
        return str(self.outstanding)


class OfferReversal(models.Model):
    """What a limited offer has back of what it gave a sale: an amount, and perhaps the use."""

    pk = models.CompositePrimaryKey("offer_id", "sale_return_id")
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, offer) refers to it
    )
    sale_return = models.ForeignKey(
        "trade.Return",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale_return) refers to it
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
    uses = models.SmallIntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every one."""

        db_table = "loyalty_offer_reversal"
        constraints = (
            choice_check("offer_reversal", "mode", Mode),
            models.CheckConstraint(
                condition=Q(amount__gte=0, uses__range=(0, 1)) & ~Q(amount=0, uses=0),
                name="offer_reversal_gives_something_back",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the amount in minor units."""
        return str(self.amount)
