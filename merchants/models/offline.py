"""What tills without a network may do, whose signature their log bears, and what they sold."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check

MOST_PER_SALE = 5_000
"""In minor units: above it the phone has to confirm, which no dark till can ask for."""
MOST_IN_ALL = 1_000_000
MOST_HOURS = 168


def _down(model: str) -> models.ForeignKey:  # type: ignore[type-arg]  # to which model is said later
    """Return a key that the composite ones of ``offline.sql`` refer to."""
    return models.ForeignKey(
        model, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )


class BookedAs(models.TextChoices):
    """What became of a sale that was made without a network; nothing else can."""

    PAID = "paid", _("paid")
    LOSS = "loss", _("loss")


class OfflineAllowance(models.Model):
    """What a terminal may sell without a network, from ``since`` until the next row of it.

    Amounts in minor units; ``most_per_sale`` 0 is nothing at all. Rows are never changed: what a
    till was promised when it last heard of OK can always be told.
    """

    merchant = _down("parties.Merchant")
    store = _down("parties.Store")
    terminal = _down("parties.Terminal")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    most_per_sale = models.BigIntegerField()
    most_in_all = models.BigIntegerField()
    hours = models.IntegerField()
    since = models.DateTimeField()

    objects: ClassVar[models.Manager["OfflineAllowance"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every allowance."""

        db_table = "merchants_offline_allowance"
        constraints = (
            choice_check("offline_allowance", "mode", Mode),
            models.CheckConstraint(
                condition=Q(most_per_sale=0, most_in_all=0, hours=0)
                | Q(
                    most_per_sale__range=(1, MOST_PER_SALE),
                    most_in_all__gte=F("most_per_sale"),
                    most_in_all__lte=MOST_IN_ALL,
                    hours__range=(1, MOST_HOURS),
                ),
                name="offline_allowance_is_whole_or_none",
            ),
        )
        indexes = (
            # The one in force at a moment.
            models.Index("terminal", "mode", "since", name="offline_allowance_at"),
        )

    @override
    def __str__(self) -> str:
        """Return what it allows."""
        return f"{self.most_per_sale} / {self.most_in_all} / {self.hours} h"


class OfflineKey(models.Model):
    """A terminal's public Ed25519 key, base64; retired by the next one, and kept for its log."""

    merchant = _down("parties.Merchant")
    store = _down("parties.Store")
    terminal = _down("parties.Terminal")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    public_key = models.CharField(max_length=44)
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["OfflineKey"]] = MerchantManager()

    class Meta:
        """A key signs for one terminal in one mode: what it signed counts nowhere else."""

        db_table = "merchants_offline_key"
        constraints = (
            models.UniqueConstraint(fields=("public_key",), name="offline_key_once"),
            models.UniqueConstraint(
                fields=("terminal", "mode"),
                condition=Q(retired_at=None),
                name="offline_key_in_force_once",
            ),
            choice_check("offline_key", "mode", Mode),
        )

    @override
    def __str__(self) -> str:
        """Return the key."""
        return self.public_key


class OfflineSale(models.Model):
    """A sale that a till closed without a network, as it signed it and as it was booked.

    ``digest`` names the signed record, ``previous`` the one that the till signed before it.
    ``dark_since`` is when the till had last heard of OK. ``reason`` says why nobody pays a loss.
    """

    merchant = _down("parties.Merchant")
    store = _down("parties.Store")
    terminal = _down("parties.Terminal")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField()
    key = models.ForeignKey(OfflineKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    sale = _down("trade.Sale")
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    fingerprint = models.BinaryField(max_length=32)
    sold_at = models.DateTimeField()
    dark_since = models.DateTimeField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_as = models.CharField(max_length=4, choices=BookedAs.choices)
    reason = models.CharField(max_length=40, blank=True)
    booked_at = models.DateTimeField()

    objects: ClassVar[models.Manager["OfflineSale"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every such sale; ``offline.sql`` holds the allowance."""

        db_table = "merchants_offline_sale"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "uuid"), name="offline_sale_by_uuid"
            ),
            models.UniqueConstraint(fields=("sale",), name="offline_sale_of_one_sale"),
            # A number that was signed twice is told as such: the second is a loss of its own.
            models.UniqueConstraint(
                fields=("key", "sequence"),
                condition=~Q(reason="sequence_used"),
                name="offline_sale_by_sequence",
            ),
            models.CheckConstraint(
                condition=Q(booked_as=BookedAs.PAID.value, reason="")
                | (Q(booked_as=BookedAs.LOSS.value) & ~Q(reason="")),
                name="offline_loss_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, sequence__gt=0, sold_at__gte=F("dark_since")),
                name="offline_sale_is_possible",
            ),
            choice_check("offline_sale", "mode", Mode),
            choice_check("offline_sale", "booked_as", BookedAs),
            currency_check("offline_sale"),
        )
        indexes = (
            # A terminal's log on the console's page.
            models.Index("merchant", "mode", "terminal", "sold_at", name="offline_sale_of_till"),
        )

    @override
    def __str__(self) -> str:
        """Return the till's number for it."""
        return str(self.uuid)
