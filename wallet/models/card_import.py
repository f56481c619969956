"""A file of cards between its arrival and the decision: what would come in, kept for a day."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check
from wallet.models.card import DIGEST, MOST_PHOTO_BYTES

MOST_IMPORT_PHOTO_BYTES = 100_000_000
"""Photos of one file, together."""

WAITS = timedelta(days=1)
REPORT_STAYS = timedelta(days=30)


class ImportSource(models.TextChoices):
    """The app that made the file, by the name its people know."""

    CATIMA = "catima", "Catima"
    FIDME = "fidme", "FidMe"
    VOUCHER_VAULT = "voucher_vault", "Voucher Vault"
    STOCARD = "stocard", "Stocard"
    PKPASS = "pkpass", "Wallet"


class CardImport(models.Model):
    """A file that was read and checked; nothing of it stands on a card until somebody decides.

    ``rows`` are plans (``wallet.import_plans``) with their line, emptied by the decision, which
    leaves ``added`` and ``skipped``; ``problems`` are ``[line, code, facts,
    name of the card]`` (``wallet.import_texts``). One per person waits at a time: the next file
    takes its place.
    """

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    uuid = models.UUIDField(editable=False)
    source = models.CharField(max_length=16, choices=ImportSource.choices)
    file_name = models.CharField(max_length=120, blank=True)
    rows = models.JSONField()
    problems = models.JSONField(default=list)
    photo_bytes = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    added = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)

    objects: Any = MerchantManager()

    class Meta:
        """One waits; how many rows fit stands in sql/imports.sql."""

        db_table = "wallet_card_import"
        constraints = (
            models.UniqueConstraint(fields=("person", "uuid"), name="card_import_once"),
            # What its photos refer to: an import together with whose it is.
            models.UniqueConstraint(fields=("id", "person"), name="card_import_of_person"),
            models.UniqueConstraint(
                fields=("person",), condition=Q(decided_at=None), name="card_import_one_waits"
            ),
            choice_check("card_import", "source", ImportSource),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("read_at")), name="card_import_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(photo_bytes__lte=MOST_IMPORT_PHOTO_BYTES),
                name="card_import_photos_fit",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, added=0, skipped=0)
                | Q(decided_at__isnull=False, rows=[]),
                name="card_import_is_empty_once_decided",
            ),
        )
        indexes = (models.Index(fields=("expires_at",), name="card_import_ends"),)

    @override
    def __str__(self) -> str:
        """Return the app it came from."""
        return self.source


class CardImportPhoto(models.Model):
    """A photo of a file that waits; a decision moves it to the person's photos."""

    card_import = models.ForeignKey(
        "wallet.CardImport",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (card_import, person) refers to the import, and goes with it
    )
    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=10)
    content = models.BinaryField(max_length=MOST_PHOTO_BYTES)

    objects: Any = MerchantManager()

    class Meta:
        """A picture once per import."""

        db_table = "wallet_card_import_photo"
        constraints = (
            models.UniqueConstraint(
                fields=("card_import", "digest"), name="card_import_photo_once"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=DIGEST), name="card_import_photo_digest"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its digest."""
        return self.digest
