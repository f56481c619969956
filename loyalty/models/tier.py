"""Where members stand in the tiers of their programme."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class TierPeriod(models.TextChoices):
    """Over what time a tier is earned."""

    YEAR = "year", _("In a calendar year; it stays through the next one")
    TWELVE_MONTHS = "months", _("In the last twelve months")
    JOINED = "joined", _("Since joining; it stays")


class TierBasis(models.TextChoices):
    """What counts for a tier."""

    POINTS = "points", _("Points that were earned")
    SPEND = "spend", _("Money spent")


class MemberTier(models.Model):
    """The tier of one member, as the days of the merchant's calendar have it.

    ``tier`` is its key in ``Programme.tiers``, null for none; ``amount`` what counts now, in
    milli-points or minor units. On ``review_on`` the tier goes, if nothing more is earned.
    ``version`` is that of the tiers by which this was found (``loyalty.tiers``), at
    ``placed_at``.
    """

    member = models.OneToOneField(
        "loyalty.Member",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
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
    tier = models.SmallIntegerField(null=True)
    amount = models.BigIntegerField(default=0)
    review_on = models.DateField(null=True)
    version = models.IntegerField(default=0)
    placed_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """Found by member in a sale, and by day when one goes."""

        db_table = "loyalty_member_tier"
        indexes = (
            models.Index(
                fields=("review_on",), condition=Q(review_on__isnull=False), name="tier_to_review"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the tier's key."""
        return str(self.tier)
