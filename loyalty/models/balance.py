"""Points that members of another programme bring along: the file, and what waits to be claimed."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

FILE_STAYS = timedelta(days=1)
"""How long a file lies here undecided; it is locked, and gone once it was taken in."""
WAITS = timedelta(days=2 * 365)
"""How long points wait for their member."""


class ImportState(models.TextChoices):
    """How far a file is. ``dropped``: nobody decided in time; ``failed``: it left nothing."""

    OPEN = "open", "open"
    ASKED = "asked", "asked"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    DROPPED = "dropped", "dropped"


class BalanceImport(models.Model):
    """A file with members and balances of another programme.

    ``locked`` is its content, encrypted, until it was taken in or its day is over. ``columns`` say
    which heading holds what; ``report`` is the dry run: totals, and ``[line, code, what]`` for all
    that is wrong. Nothing of it can be claimed before it is ``done``.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=120)
    locked = models.BinaryField(null=True)
    columns = models.JSONField(default=dict)
    report = models.JSONField(null=True)
    state = models.CharField(max_length=7, choices=ImportState.choices, default=ImportState.OPEN)
    read_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    brought = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """Read by merchant, newest first; found by what is to be done."""

        db_table = "loyalty_balance_import"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "id"), name="balance_import_by_mode"
            ),
            choice_check("balance_import", "state", ImportState),
            models.CheckConstraint(
                condition=Q(state__in=["open", "asked", "running"]) | Q(locked=None),
                name="balance_import_keeps_no_file",
            ),
            models.CheckConstraint(
                condition=Q(done__range=(0, F("total")), brought__range=(0, F("total"))),
                name="balance_import_counts_its_lines",
            ),
        )
        indexes = (
            models.Index(
                fields=("merchant", "mode", "-read_at"), name="balance_import_of_merchant"
            ),
            models.Index(
                fields=("id",),
                condition=Q(state__in=["open", "asked", "running"]),
                name="balance_import_to_do",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the state."""
        return self.state


class WaitingBalance(models.Model):
    """Points of somebody who is perhaps nobody at OK yet, until who proves it claims them.

    The keys are digests (``loyalty.balance_keys``); after ``forget_at`` the row is deleted, or once
    claimed loses its keys. ``ends_at`` is the end of the lot that the points will lie in.
    """

    source = models.ForeignKey(
        "loyalty.BalanceImport",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, source) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    card_key = models.BinaryField(null=True)
    email_key = models.BinaryField(null=True)
    points = models.BigIntegerField()
    ends_at = models.DateTimeField(null=True)
    forget_at = models.DateTimeField()
    move = models.OneToOneField(
        "loyalty.PointsMove", on_delete=models.PROTECT, related_name="+", null=True
    )

    objects: Any = MerchantManager()

    class Meta:
        """Each card number and each address once: a file taken in twice brings nothing more."""

        db_table = "loyalty_waiting_balance"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "card_key"), name="waiting_balance_card_once"
            ),
            models.UniqueConstraint(
                fields=("merchant", "mode", "email_key"), name="waiting_balance_email_once"
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="waiting_balance_is_of_points"),
            models.CheckConstraint(
                condition=Q(move__isnull=False)
                | Q(card_key__isnull=False)
                | Q(email_key__isnull=False),
                name="waiting_balance_is_somebodys",
            ),
        )
        indexes = (models.Index(fields=("forget_at",), name="waiting_balance_to_forget"),)

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
