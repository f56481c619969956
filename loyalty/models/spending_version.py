"""Every set of terms on which points could be spent, and the one that waits."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager


class SpendingVersion(models.Model):
    """Spending terms as they were put once: in force from ``started_at``, or due at ``starts_at``.

    ``terms`` are those of ``loyalty.actions.put_spending.SpendingPromise``; what counts now stands
    in ``SpendingTerms``. ``back_to`` is the version of the scheme that brought them back. One that
    has begun never changes; one that waits may be taken away.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    terms = models.JSONField()
    back_to = models.IntegerField(null=True)
    put_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """Read by merchant, the latest to begin first; one waits at a time."""

        db_table = "loyalty_spending_version"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant",), condition=Q(started_at=None), name="spending_version_waits"
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(started_at__gte=F("starts_at")),
                name="spending_version_starts_in_time",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "-started_at", "-id"), name="spending_version_began"),
            models.Index(
                fields=("starts_at",), condition=Q(started_at=None), name="spending_version_due"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return when it begins."""
        return f"terms from {self.starts_at}"
