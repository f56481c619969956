"""A shift: what one till sells between its opening and its closing."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check


class Shift(models.Model):
    """One till from its opening to its closing; what it came to is added up when somebody asks.

    The till makes ``uuid``. What was sold at ``opened_at`` counts, what was sold at ``closed_at``
    counts no more. ``cash_at_opening`` is what lay in the drawer, ``cash_counted`` what was counted
    at the end, both in minor units; None was not said. Two shifts of a till never overlap.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, store, terminal) refers to it
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    terminal = models.ForeignKey(
        "parties.Terminal",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField()
    currency = models.CharField(max_length=3)
    operator = models.CharField(max_length=64, blank=True)
    closed_by = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    cash_at_opening = models.BigIntegerField(null=True)
    cash_counted = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager["Shift"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every shift; that none overlap, ``tills.sql`` holds."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "mode", "uuid"), name="shift_by_uuid"),
            models.UniqueConstraint(
                fields=("terminal", "mode"), condition=Q(closed_at=None), name="shift_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, cash_counted=None, closed_by="")
                | Q(closed_at__isnull=False, closed_at__gt=F("opened_at")),
                name="shift_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(cash_at_opening=None) | Q(cash_at_opening__gte=0),
                name="shift_opens_with_no_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(cash_counted=None) | Q(cash_counted__gte=0),
                name="shift_counts_no_less_than_nothing",
            ),
            choice_check("shift", "mode", Mode),
            currency_check("shift"),
        )
        indexes = (
            # A till's shifts, a store's day, and what a new one might overlap.
            models.Index("merchant", "mode", "store", "opened_at", name="shift_of_store"),
        )

    @override
    def __str__(self) -> str:
        """Return the till's number for it."""
        return str(self.uuid)
