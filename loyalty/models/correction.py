"""Points that a merchant's people give or take, and who else said yes to it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from loyalty.models.move import LONGEST_WORDS
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class CorrectionState(models.TextChoices):
    """Where a correction stands; one that waits longer than ``ends_at`` is booked no more."""

    WAITING = "waiting", "waiting"
    BOOKED = "booked", "booked"
    REFUSED = "refused", "refused"


class CorrectionTerms(models.Model):
    """How many points one of a merchant's people corrects alone; without a row, ``ALONE_UP_TO``.

    It counts what the same person gave and took of one member within ``ALONE_WITHIN``.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    alone_up_to = models.BigIntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every row."""

        db_table = "loyalty_correction_terms"
        constraints = (
            models.CheckConstraint(
                condition=Q(alone_up_to__gte=0), name="correction_terms_are_not_negative"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the limit."""
        return str(self.alone_up_to)


class Correction(models.Model):
    """Points that somebody at a shop gives a member, or takes (below zero), for a ``reason``.

    One that ``needs_second`` waits for another person, who is never who asked: PostgreSQL holds
    that. ``move`` is what was booked. ``reason`` is empty once the member has left OK.
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
    points = models.BigIntegerField()
    reason = models.CharField(max_length=LONGEST_WORDS, blank=True)
    needs_second = models.BooleanField()
    state = models.CharField(max_length=8, choices=CorrectionState.choices)
    asked_by = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    decided_at = models.DateTimeField(null=True)
    move = models.OneToOneField(
        "loyalty.PointsMove", on_delete=models.PROTECT, related_name="+", null=True
    )

    objects: Any = MerchantManager()

    class Meta:
        """Read by merchant, newest first; counted by member."""

        constraints = (
            choice_check("correction", "state", CorrectionState),
            models.CheckConstraint(condition=~Q(points=0), name="correction_is_of_something"),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.BOOKED.value)
                | Q(needs_second=False)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="correction_has_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.BOOKED.value, move__isnull=False)
                | ~Q(state=CorrectionState.BOOKED.value) & Q(move=None),
                name="correction_that_is_booked_moved_points",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "mode", "-asked_at"), name="correction_of_merchant"),
            models.Index(fields=("member", "asked_at"), name="correction_of_member"),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
