"""Receipts that go to their people's mailboxes, each a row, so that it is sent once."""

from typing import Any

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

MOST_A_DAY = 20
"""Letters that one person asks for in a day."""
MOST_A_DAY_FROM_SHOPS = 3
"""Letters that all shops together ask for one person in a day."""


class AskedBy(models.TextChoices):
    """Who wanted it sent."""

    PERSON = "person", "person"
    SHOP = "shop", "shop"


class ReceiptLetterState(models.TextChoices):
    """Where it stands; ``dropped`` cannot be sent (any more), ``unknown`` may have been sent."""

    WAITING = "waiting", "waiting"
    SENDING = "sending", "sending"
    SENT = "sent", "sent"
    DROPPED = "dropped", "dropped"
    UNKNOWN = "unknown", "unknown"


UNDER_WAY = (ReceiptLetterState.WAITING.value, ReceiptLetterState.SENDING.value)


class ReceiptLetter(models.Model):
    """One receipt to be mailed to its own person, the ``number``-th that day (UTC) was asked for.

    No address stands here: it is the one the person has proved when it is sent. ``failures`` counts
    how often the mail server would not take it.
    """

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    receipt = models.ForeignKey(
        "wallet.Receipt", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_by = models.CharField(max_length=6, choices=AskedBy.choices)
    asked_on = models.DateField()
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=7, choices=ReceiptLetterState.choices, default=ReceiptLetterState.WAITING
    )
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects: Any = MerchantManager()

    class Meta:
        """So many a day, and one of a receipt at a time; those that wait are found by when."""

        db_table = "wallet_receipt_letter"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "asked_by", "asked_on", "number"), name="receipt_letter_counted"
            ),
            models.CheckConstraint(
                condition=Q(asked_by=AskedBy.PERSON.value, number__range=(1, MOST_A_DAY))
                | Q(asked_by=AskedBy.SHOP.value, number__range=(1, MOST_A_DAY_FROM_SHOPS)),
                name="receipt_letter_within_the_day",
            ),
            models.UniqueConstraint(
                fields=("receipt",),
                condition=Q(state__in=UNDER_WAY),
                name="receipt_letter_one_under_way",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReceiptLetterState.SENT.value) | Q(sent_at__isnull=False),
                name="receipt_letter_sent_at_a_moment",
            ),
            choice_check("receipt_letter", "state", ReceiptLetterState),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state__in=UNDER_WAY), name="receipt_letter_to_send"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return of which receipt."""
        return f"letter of receipt {self.receipt_id}"
