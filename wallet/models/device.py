"""Phones, the single-use numbers they show, and the count of wrong codes."""

import uuid
from datetime import timedelta

from django.db import models
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check
from wallet.codes import HANDLES
from wallet.keys import POINT_BYTES


class Device(models.Model):
    """A phone (or any browser) enrolled with a key pair; its private key never leaves it.

    ``public_key`` is the uncompressed P-256 point. Blocked is for good: a phone that comes back
    enrols anew.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        related_name="devices",
        db_constraint=False,  # (person, mode) refers to the person, so live and test never meet
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    public_key = models.BinaryField(max_length=POINT_BYTES)
    name = models.CharField(max_length=80)
    enrolled_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        """What PostgreSQL holds for every device."""

        constraints = (
            choice_check("device", "mode", Mode),
            models.CheckConstraint(
                condition=models.Q(blocked_at__isnull=True)
                | models.Q(blocked_at__gte=models.F("enrolled_at")),
                name="device_blocked_after_enrolment",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the name its owner knows it by."""
        return self.name


class Handle(models.Model):
    """A random single-use number that one device may show for one funding source.

    ``funding_ref`` is opaque here: what it pays from is known to whoever registered the source
    (``wallet.hooks.FundingSource``); null identifies its person and cannot pay. ``sale_ref`` is
    ``<merchant id>:<mode>:<sale uuid>`` of the one sale that used it; a trigger keeps it from ever
    changing.
    """

    number = models.BigIntegerField(primary_key=True)
    device = models.ForeignKey(
        "wallet.Device",
        on_delete=models.PROTECT,
        related_name="handles",
        db_index=False,  # read by device only among the unused, which has its own index
    )
    funding_ref = models.BigIntegerField(null=True)
    issued_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    sale_ref = models.TextField(null=True)  # noqa: DJ001 -- null says unused

    class Meta:
        """What PostgreSQL holds for every handle."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(number__gte=0, number__lt=HANDLES),
                name="handle_has_10_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True, sale_ref__isnull=True)
                | models.Q(used_at__isnull=False, sale_ref__isnull=False),
                name="handle_used_by_a_sale",
            ),
        )
        indexes = (
            models.Index(
                fields=("device", "funding_ref"),
                condition=models.Q(used_at__isnull=True),
                name="handle_unused",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is, never the number: that is half of a code."""
        return f"handle of device {self.device_id}"


class GuessWindow(models.Model):
    """How many wrong codes one till, or all tills of one key, scanned since ``opened_at``.

    ``bucket`` is a prefix of the till's key path; ``allowed`` the number of wrong codes it may scan
    in one ``LENGTH``. One row per bucket, reused, so the table never grows beyond the number of
    tills.
    """

    LENGTH = timedelta(minutes=1)

    bucket = models.TextField(primary_key=True)
    opened_at = models.DateTimeField()
    wrong = models.PositiveIntegerField()
    allowed = models.PositiveIntegerField()

    @override
    def __str__(self) -> str:
        """Return the count."""
        return f"{self.bucket}: {self.wrong} of {self.allowed}"
