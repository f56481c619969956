"""Points as they lie with a member: from when they can be spent, and until when."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class Lot(models.Model):
    """Points that became a member's together, and end together.

    Made with what a sale earned, or (without a sale) of all that a member had when the programme
    began to keep lots. ``remaining`` is what is left of ``points``; each part that went is a
    ``LotUse``. Pending points count from ``spendable_at`` on. ``expires_at`` is the midnight after
    the last day, by the clock of the store; None is never. A ``rolling`` lot lives as long as its
    member buys: what counts is the latest end among that member's rolling lots, empty ones too.
    """

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
        null=True,
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    points = models.BigIntegerField()
    remaining = models.BigIntegerField()
    earned_at = models.DateTimeField()
    spendable_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    is_pending = models.BooleanField(default=False)
    rolling = models.BooleanField(default=False)

    objects: Any = MerchantManager()

    class Meta:
        """Spent by member, the first to end first; found by the sale, and by what is due."""

        constraints = (
            models.UniqueConstraint(fields=("sale",), name="lot_once_per_sale"),
            models.CheckConstraint(
                condition=Q(remaining__range=(0, F("points"))), name="lot_has_at_most_its_points"
            ),
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(spendable_at__isnull=False),
                name="lot_pending_until_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(spendable_at=None)
                | Q(expires_at=None)
                | Q(spendable_at__lt=F("expires_at")),
                name="lot_can_be_spent_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(rolling=False) | Q(expires_at__isnull=False),
                name="lot_that_rolls_has_an_end",
            ),
        )
        indexes = (
            models.Index(
                fields=("member", "expires_at", "earned_at", "id"),
                condition=Q(remaining__gt=0),
                name="lot_of_member",
            ),
            models.Index(
                fields=("spendable_at",), condition=Q(is_pending=True), name="lot_to_activate"
            ),
            models.Index(
                fields=("expires_at",),
                condition=Q(remaining__gt=0, is_pending=False),
                name="lot_to_expire",
            ),
            models.Index(
                fields=("member", "expires_at"), condition=Q(rolling=True), name="lot_rolling"
            ),
            models.Index(
                fields=("member", "earned_at"), condition=Q(sale=None), name="lot_opening"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what is left of it."""
        return str(self.remaining)


class LotUse(models.Model):
    """What went from a lot, by the posting that took it; below zero where it came back."""

    pk = models.CompositePrimaryKey("lot_id", "kind", "reference")
    lot = models.ForeignKey(
        "loyalty.Lot", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    points = models.BigIntegerField()
    used_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Each posting counts once."""

        db_table = "loyalty_lot_use"
        constraints = (
            models.CheckConstraint(condition=~Q(points=0), name="lot_use_is_of_something"),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)


class BreakageReason(models.TextChoices):
    """Why nobody will spend these points; ``returned`` takes a part of it back."""

    EXPIRED = "expired", "expired"
    LEFT = "left", "left"
    RETURNED = "returned", "returned"


class Breakage(models.Model):
    """Points that left a member unspent, each with its posting in the ledger.

    They expired, or the member left OK. When the purchase that had earned them comes back they
    were never earned: ``returned`` takes them out of the breakage again, below zero.
    """

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
    lot = models.ForeignKey(
        "loyalty.Lot", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    reason = models.CharField(max_length=8, choices=BreakageReason.choices)
    points = models.BigIntegerField()
    booked_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by member; added up by merchant and time."""

        constraints = (
            choice_check("breakage", "reason", BreakageReason),
            models.CheckConstraint(
                condition=Q(reason=BreakageReason.RETURNED.value, points__lt=0)
                | ~Q(reason=BreakageReason.RETURNED.value) & Q(points__gt=0),
                name="breakage_goes_one_way",
            ),
        )
        indexes = (
            models.Index(fields=("member", "lot"), name="breakage_of_member"),
            models.Index(fields=("merchant", "mode", "booked_at"), name="breakage_of_merchant"),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
