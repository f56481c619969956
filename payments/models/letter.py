"""Letters to shoppers about what is collected, each a row, so that it is sent once."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check
from payments.states import LetterState


class LetterKind(models.TextChoices):
    """What it says.

    A collection that comes (``notice``, which the scheme asks for), one that came back
    (``returned``), and a debt that is still open (``reminder``).
    """

    NOTICE = "notice", "notice"
    RETURNED = "returned", "returned"
    REMINDER = "reminder", "reminder"


class Letter(models.Model):
    """One letter about one collection, to be sent on or after ``due_at`` unless it is dropped.

    ``number`` tells reminders apart, from 1. ``failures`` counts how often the mail server would
    not take it.
    """

    kind = models.CharField(max_length=8, choices=LetterKind.choices)
    number = models.PositiveSmallIntegerField(default=1)
    collection = models.ForeignKey(
        "payments.Collection", on_delete=models.PROTECT, related_name="letters", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    state = models.CharField(max_length=7, default=LetterState.WAITING)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A letter is written once; those that wait are found by when they are due."""

        constraints = (
            models.UniqueConstraint(fields=("collection", "kind", "number"), name="letter_once"),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SENT) | Q(sent_at__isnull=False),
                name="letter_sent_at_a_moment",
            ),
            choice_check("letter", "kind", LetterKind),
            choice_check("letter", "mode", Mode),
            choice_check("letter", "state", LetterState),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(state__in=(LetterState.WAITING, LetterState.SENDING)),
                name="letter_to_send",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what about."""
        return f"{self.kind} {self.number} of collection {self.collection_id}"
