"""Points that one member gives another: offered by a link, given when somebody takes them."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

WAITS = timedelta(days=7)
MOST_OPEN = 5
"""How many gifts of one member wait at a time."""
GIVEN_WITHIN = timedelta(days=30)


class GiftTerms(models.Model):
    """How many points a member may give others within ``GIVEN_WITHIN``; without a row, none.

    ``families`` says whether a family may spend its points together (``loyalty.models.Pool``).
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    most_points = models.BigIntegerField()
    families = models.BooleanField(default=False, db_default=False)

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every row."""

        db_table = "loyalty_gift_terms"
        constraints = (
            models.CheckConstraint(
                condition=Q(most_points__gte=0), name="gift_terms_are_not_negative"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the limit."""
        return str(self.most_points)


class GiftState(models.TextChoices):
    """Where a gift stands; one that waits longer than ``ends_at`` is given no more."""

    WAITING = "waiting", "waiting"
    GIVEN = "given", "given"
    WITHDRAWN = "withdrawn", "withdrawn"


class PointsGift(models.Model):
    """Points that a member offers to whoever has the link; they stay the member's until then.

    ``given`` and ``received`` are the moves of both. The link's secret is in no table.
    """

    giver = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, giver) refers to them
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    points = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=GiftState.choices, default=GiftState.WAITING)
    offered_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given = models.OneToOneField(
        "loyalty.PointsMove", on_delete=models.PROTECT, related_name="+", null=True
    )
    received = models.OneToOneField(
        "loyalty.PointsMove", on_delete=models.PROTECT, related_name="+", null=True
    )

    objects: Any = MerchantManager()

    class Meta:
        """Read by who gives."""

        db_table = "loyalty_points_gift"
        constraints = (
            choice_check("points_gift", "state", GiftState),
            models.CheckConstraint(condition=Q(points__gt=0), name="points_gift_is_of_points"),
            models.CheckConstraint(
                condition=Q(
                    state=GiftState.GIVEN.value, given__isnull=False, received__isnull=False
                )
                | ~Q(state=GiftState.GIVEN.value) & Q(given=None, received=None),
                name="points_gift_moved_points_once_given",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("offered_at")), name="points_gift_ends_later"
            ),
        )
        indexes = (models.Index(fields=("giver", "-offered_at"), name="points_gift_of_giver"),)

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
