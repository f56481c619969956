"""What people decided about bank lines."""

from django.db import models
from django.db.models import Q
from typing_extensions import override


class EntryDecision(models.Model):
    """One decision of a person about one line; the last one is in force.

    ``shares`` are pairs of an expectation's primary key (None for suspense) and an amount in minor
    units with the line's sign, ``suspense`` what of it stands there. The posting of the second
    decision and of those after it is named after this row: ``<entry>-<number>``.
    """

    pk = models.CompositePrimaryKey("entry_id", "number")
    entry = models.ForeignKey(
        "payments.BankEntry", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    shares = models.JSONField()
    suspense = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    actor_kind = models.TextField()
    actor_id = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        """The newest first, for whoever wants to take one back."""

        db_table = "payments_entry_decision"
        constraints = (
            models.CheckConstraint(
                condition=Q(number__gt=0), name="entry_decision_counts_from_one"
            ),
        )
        indexes = (
            models.Index(fields=("-decided_at", "entry"), name="entry_decision_latest"),
            models.Index(
                fields=("entry", "number"),
                condition=~Q(suspense=0),
                name="entry_decision_in_suspense",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which decision about which line."""
        return f"decision {self.number} about entry {self.entry_id}"
