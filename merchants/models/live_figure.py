"""The live page's roll-up: what each store sold in each quarter of an hour."""

from typing import Any

from django.db import models
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class LiveFigure(models.Model):
    """Closed sales of one store in one quarter of an hour; kept by ``analytics.handlers``.

    ``day`` and ``quarter`` (0 to 95, more only where a day has 25 hours: those count on in the
    same quarters) are on the store's own clock. ``turnover`` and ``discount`` in minor units;
    ``members`` counts sales with a shopper known to OK. ``refunds`` and ``refunded`` are what came
    back in this store then, whenever and wherever it was sold. ``as_of`` is the latest that is in
    it.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, store) refers to it
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    day = models.DateField()
    quarter = models.SmallIntegerField()
    sales = models.BigIntegerField()
    turnover = models.BigIntegerField()
    discount = models.BigIntegerField()
    members = models.BigIntegerField()
    points_earned = models.BigIntegerField()
    refunds = models.BigIntegerField(db_default=0)
    refunded = models.BigIntegerField(db_default=0)
    as_of = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """One row per store and quarter; read per merchant and day."""

        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "day", "store", "quarter"), name="live_figure_once"
            ),
            models.CheckConstraint(
                condition=models.Q(quarter__range=(0, 95)), name="live_figure_quarter_of_a_day"
            ),
            choice_check("live_figure", "mode", Mode),
        )

    @override
    def __str__(self) -> str:
        """Say which quarter."""
        return f"store {self.store_id} {self.day} #{self.quarter}"
