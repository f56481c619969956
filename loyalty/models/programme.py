"""What a merchant promises whoever joins."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.models.tier import TierBasis, TierPeriod
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check
from okplatform.parties.models import Language

MOST_PENDING_DAYS = 365
LONGEST_EXPIRY = 3_660
"""Ten years of days: no programme means more."""


class Expiry(models.TextChoices):
    """When points end, counted from the day on which they can be spent.

    ``Programme.expiry_length`` counts the days, months or years. A month after 31 January is the
    last of February.
    """

    NEVER = "never", _("Never")
    DAYS = "days", _("After a number of days")
    MONTHS = "months", _("After a number of months")
    MONTH_END = "month_end", _("After a number of months, at the end of the month")
    YEAR_END = "year_end", _("After a number of years, at the end of the year")
    INACTIVE = "inactive", _("After a number of months without a purchase")


def texts_check(table: str, field: str) -> models.CheckConstraint:
    """Hold a text to having every language OK speaks: ``{"nl": ..., "en": ...}``."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__has_keys": [language.value for language in Language]}),
        name=f"{table}_{field}_in_every_language",
    )


class Rulebook(models.Model):
    """The number of a merchant's rules as they are now.

    Whatever changes an offer or the programme raises it in the same transaction; each process
    compares it with the number of the program it has compiled.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    version = models.IntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every rulebook."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(version__gt=0), name="rulebook_version_counts_from_one"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the number."""
        return str(self.version)


class LeastMargin(models.Model):
    """How much of a price, without VAT, has to stay above what the goods cost, in basis points.

    Offers then leave that of each line whose product has a ``cost``; without a row no floor counts.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    margin_bp = models.IntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every row."""

        db_table = "loyalty_least_margin"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(margin_bp__range=(0, 9_000)), name="least_margin_is_a_share"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the share."""
        return str(self.margin_bp)


class Programme(models.Model):
    """A merchant's points programme.

    ``points_name`` and ``terms`` are texts per language. ``milli_points_per_cent`` is the rate: 10
    is one point per euro. ``terms_version`` counts the texts of ``terms`` and what is said of
    pending and expiry; each member accepted one of them.

    Points count from the day after ``pending_days``, the days in which goods can come back. With
    that or an ``expiry`` its members keep lots; until ``lots_laid_out`` some still wait for theirs
    (or, when both were taken away, still have theirs).

    While ``paused_at`` stands, sales earn no points.

    ``tiers`` are those of ``loyalty.tiers.Ladder`` as JSON; ``tiers_version`` counts them, and
    until ``tiers_laid_out`` some members stand by the ones before. ``bonuses`` are those of
    ``loyalty.bonuses.Bonuses`` as JSON.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=80)
    points_name = models.JSONField()
    milli_points_per_cent = models.IntegerField()
    terms = models.JSONField()
    terms_version = models.IntegerField(default=1)
    published_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pending_days = models.SmallIntegerField(default=0)
    expiry = models.CharField(max_length=9, choices=Expiry.choices, default=Expiry.NEVER)
    expiry_length = models.SmallIntegerField(null=True)
    lots_laid_out = models.BooleanField(default=True)
    tiers = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    tier_period = models.CharField(
        max_length=6, choices=TierPeriod.choices, default=TierPeriod.YEAR, db_default="year"
    )
    tier_basis = models.CharField(
        max_length=6, choices=TierBasis.choices, default=TierBasis.POINTS, db_default="points"
    )
    tier_grace_days = models.SmallIntegerField(default=0, db_default=0)
    tiers_version = models.IntegerField(default=0, db_default=0)
    tiers_laid_out = models.BooleanField(default=True, db_default=True)
    bonuses = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    objects: Any = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what composite foreign keys point at."""

        constraints = (
            models.UniqueConstraint(fields=("merchant",), name="programme_once_per_merchant"),
            models.UniqueConstraint(fields=("merchant", "id"), name="programme_by_merchant"),
            texts_check("programme", "points_name"),
            texts_check("programme", "terms"),
            models.CheckConstraint(
                condition=models.Q(milli_points_per_cent__range=(1, 1_000)),
                name="programme_rate_is_a_rate",
            ),
            models.CheckConstraint(
                condition=models.Q(terms_version__gt=0), name="programme_terms_count_from_one"
            ),
            choice_check("programme", "expiry", Expiry),
            models.CheckConstraint(
                condition=Q(pending_days__range=(0, MOST_PENDING_DAYS)),
                name="programme_pending_days_are_few",
            ),
            models.CheckConstraint(
                condition=Q(expiry=Expiry.NEVER.value, expiry_length=None)
                | ~Q(expiry=Expiry.NEVER.value)
                & Q(expiry_length__isnull=False)
                & Q(expiry_length__range=(0, LONGEST_EXPIRY)),
                name="programme_expiry_has_its_length",
            ),
            models.CheckConstraint(
                condition=Q(
                    tier_grace_days__range=(0, 366),
                    tier_period__in=TierPeriod.values,
                    tier_basis__in=TierBasis.values,
                ),
                name="programme_tiers_have_terms",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=Q(tiers_laid_out=False), name="programme_tiers_waiting"
            ),
            models.Index(
                fields=("id",), condition=Q(lots_laid_out=False), name="programme_lots_waiting"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the programme's name."""
        return self.name

    @property
    def keeps_lots(self) -> bool:
        """Say whether points have a day from which they count, or one on which they end."""
        return self.pending_days > 0 or self.expiry != Expiry.NEVER
