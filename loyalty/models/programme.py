"""What a merchant promises whoever joins."""

from typing import Any

from django.db import models
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.models import Language


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


class Programme(models.Model):
    """A merchant's points programme.

    ``points_name`` and ``terms`` are texts per language. ``milli_points_per_cent`` is the rate: 10
    is one point per euro. ``terms_version`` counts the texts of ``terms``; each member accepted one
    of them. While ``paused_at`` stands, sales earn no points.
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
        )

    @override
    def __str__(self) -> str:
        """Return the programme's name."""
        return self.name
