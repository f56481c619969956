"""How far a merchant's sandbox is ahead of the clock, and since when it is this one."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager


class Sandbox(models.Model):
    """A merchant's test mode as a till finds it; who never moved or reset it has no row.

    ``ahead`` is how far its time is before everybody's. ``epoch`` counts resets. What came before
    the last one keeps its rows and is no longer seen: sales, online payments and links up to
    ``after_sale``, ``after_payment`` and ``after_link``, primary keys. A trigger lets time and
    epochs go forward only; with the next epoch ``ahead`` begins at zero.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    epoch = models.PositiveIntegerField(default=0)
    ahead = models.DurationField(default=timedelta)
    after_sale = models.BigIntegerField(default=0)
    after_payment = models.BigIntegerField(default=0)
    after_link = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Sandbox"]] = MerchantManager()

    class Meta:
        """Time stands at everybody's, or ahead of it."""

        constraints = (
            models.CheckConstraint(
                condition=Q(ahead__gte=timedelta()), name="sandbox_is_not_behind"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is, and which."""
        return f"{self.merchant_id}.{self.epoch}"
