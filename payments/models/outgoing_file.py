"""A file for the bank: written once, named, hashed, never sent twice."""

from enum import StrEnum

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check
from payments.states import FileState


class FileKind(StrEnum):
    """Which ISO 20022 message a file holds."""

    TRANSFERS = "pain.001"
    DEBITS = "pain.008"


class OutgoingFile(models.Model):
    """What one of OK's banks is told to do, byte for byte as it goes there.

    ``sha256`` is that of ``content`` in hexadecimal; ``transactions`` and ``total`` (minor units)
    are what the file's own head says. Only its state moves: ``claimed_at`` is when somebody last
    began to send it.
    """

    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=80, unique=True)
    message_id = models.CharField(max_length=35, unique=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    transactions = models.PositiveIntegerField()
    total = models.BigIntegerField()
    state = models.CharField(max_length=7, default=FileState.MADE)
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        """What is not with the bank yet is found by its state."""

        db_table = "payments_outgoing_file"
        constraints = (
            models.CheckConstraint(
                condition=Q(name__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                name="outgoing_file_name_is_plain",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="outgoing_file_hash_is_sha256"
            ),
            models.CheckConstraint(
                condition=Q(transactions__gt=0, total__gt=0), name="outgoing_file_is_not_empty"
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.SENT) | Q(sent_at__isnull=False),
                name="outgoing_file_sent_at_a_moment",
            ),
            choice_check("outgoing_file", "mode", Mode),
            choice_check("outgoing_file", "kind", FileKind),
            choice_check("outgoing_file", "state", FileState),
        )
        indexes = (
            models.Index(
                fields=("state", "id"),
                condition=~Q(state=FileState.SENT),
                name="outgoing_file_to_send",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its name."""
        return self.name
