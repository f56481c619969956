"""A chain's own loyalty system that OK asks and tells."""

from typing import Any

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager

LIMITS_MS = (50, 1_000)
"""A till that waits longer than a second makes a queue."""


class Connector(models.Model):
    """Where a merchant's own loyalty system is asked, and how it has answered lately.

    ``secret`` is kept locked and signs every question; ``salt`` makes the pseudonyms and never
    changes. ``failures`` counts those in a row, ``last_error`` why the last one was;
    nothing is asked before ``rests_until``.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    name = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    secret = models.BinaryField()
    salt = models.BinaryField()
    limit_ms = models.IntegerField()
    is_on = models.BooleanField(default=True)
    failures = models.IntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=24, blank=True, default="")
    changed_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """One per merchant and mode; UNIQUE (merchant, mode, id) is what its sales refer to."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "mode"), name="connector_of_merchant"),
            models.UniqueConstraint(
                fields=("merchant", "mode", "id"), name="connector_by_merchant"
            ),
            models.CheckConstraint(
                condition=Q(limit_ms__range=LIMITS_MS), name="connector_keeps_no_till_waiting"
            ),
            models.CheckConstraint(
                condition=Q(failures__gte=0), name="connector_failures_are_counted"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what people call it."""
        return self.name


class ConnectedSale(models.Model):
    """A sale of which another system is told: how asking went, and what it gave in minor units."""

    sale = models.OneToOneField(
        "trade.Sale",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    connector = models.ForeignKey(
        "loyalty.Connector",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, connector) refers to it
    )
    member = models.ForeignKey(
        "loyalty.Member", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=11)
    given = models.BigIntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every row."""

        db_table = "loyalty_connected_sale"
        constraints = (
            models.CheckConstraint(
                condition=Q(given=0) | Q(given__gt=0, state="answered"),
                name="connected_sale_gives_what_was_answered",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return how asking went."""
        return self.state
