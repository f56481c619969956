"""What changed a member's points other than a sale, and why."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

LONGEST_WORDS = 200


class MoveKind(models.TextChoices):
    """What moved the points; its posting in the ledger is ``points_`` and this word."""

    BROUGHT = "brought", _("brought along from the old programme")
    GIVEN = "given", _("given to another member")
    RECEIVED = "received", _("given by another member")
    CORRECTED = "corrected", _("corrected by the shop")


class PointsMove(models.Model):
    """Points that came to a member, or went (below zero), without a sale.

    The ledger's posting has this row's id as its reference. ``words`` is what the member reads of
    it, as somebody at the shop wrote it; empty once the member has left OK.
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
    kind = models.CharField(max_length=12, choices=MoveKind.choices)
    points = models.BigIntegerField()
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    moved_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by member, newest first."""

        db_table = "loyalty_points_move"
        constraints = (
            choice_check("points_move", "kind", MoveKind),
            models.CheckConstraint(condition=~Q(points=0), name="points_move_is_of_something"),
        )
        indexes = (models.Index(fields=("member", "-moved_at"), name="points_move_of_member"),)

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
