"""Loyalty cards of any brand, as one person keeps them on several phones."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from wallet.symbologies import ENCODINGS, LATIN_1, LONGEST, SYMBOLOGIES

if TYPE_CHECKING:
    from wallet.models.card_share import CardShare

MOST_CARDS = 12_000
"""Cards one person may keep; those that were removed do not count."""

MOST_PHOTO_BYTES = 1_000_000
MOST_PHOTOS_BYTES = 300_000_000
"""What one photo may take, and all photos of one person together."""

MOST_GROUPS = 20
MOST_PHONES = 50
"""Groups of one card, and phones whose uses are counted apart."""

COLOUR = r"^#[0-9a-f]{6}$"
ONE_LINE = r"^[^\x01-\x1f\x7f]*$"
UNIT = r"^([A-Z]{3}|[a-z ]{1,16})$"
DIGEST = r"^[0-9a-f]{64}$"


class CardShelf(models.Model):
    """One row per person with cards: it is locked by every change, so changes have an order.

    ``cursor`` counts changes; a card carries the one it changed at last, so whoever knows a cursor
    asks for what came after. ``cards`` and ``photo_bytes`` are what the limits look at.
    """

    person = models.OneToOneField(
        "parties.Person", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    cursor = models.BigIntegerField(default=0)
    cards = models.PositiveIntegerField(default=0)
    photo_bytes = models.PositiveBigIntegerField(default=0)

    objects: Any = MerchantManager()

    class Meta:
        """The limits."""

        db_table = "wallet_card_shelf"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(cards__lte=MOST_CARDS), name="card_shelf_is_not_full"
            ),
            models.CheckConstraint(
                condition=models.Q(photo_bytes__lte=MOST_PHOTOS_BYTES),
                name="card_shelf_photos_fit",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return how many."""
        return f"{self.cards} cards"


class CardPhoto(models.Model):
    """A picture, known by what it shows: ``digest`` is the SHA-256 of ``content``."""

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=10)
    content = models.BinaryField(max_length=MOST_PHOTO_BYTES)
    added_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """A picture once per person; PostgreSQL checks its size and digest (sql/cards.sql)."""

        db_table = "wallet_card_photo"
        constraints = (
            models.UniqueConstraint(fields=("person", "digest"), name="card_photo_once"),
            models.CheckConstraint(
                condition=models.Q(media_type__in=("image/jpeg", "image/png", "image/webp")),
                name="card_photo_type_is_known",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its digest."""
        return self.digest


class Card(models.Model):
    """A card; every field below ``person`` is the outcome of the edits in ``CardChange``.

    ``uuid`` is made by the phone, and unique per person only: nobody can find out, or block, the
    number of somebody else's card. ``number`` is what people read and type; ``payload`` what
    scanners read, in ``symbology``; often, not always, the same. ``versions`` says for each field
    which edit it comes from (wallet.merging). ``removed`` cards stay, so that a phone that was away
    hears of it and the owner can take it back. ``balance`` is in minor units where ``unit`` is a
    currency, else in whole ones; null until it is first changed. No rule looks at two fields that
    are edited apart: two phones could break it together.
    """

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    uuid = models.UUIDField(editable=False)
    cursor = models.BigIntegerField()
    versions = models.JSONField()
    added_at = models.DateTimeField()

    name = models.CharField(max_length=80)
    issuer = models.CharField(max_length=80, blank=True)
    programme = models.SlugField(max_length=40, blank=True, db_index=False)
    number = models.CharField(max_length=80, blank=True)
    symbology = models.CharField(max_length=16, blank=True)
    payload = models.CharField(max_length=LONGEST, blank=True)
    encoding = models.CharField(max_length=10, default=LATIN_1)
    colour = models.CharField(max_length=7)
    note = models.CharField(max_length=2_000, blank=True)
    valid_from = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    unit = models.CharField(max_length=16, default="EUR")
    groups = ArrayField(models.CharField(max_length=40), default=list)
    starred = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)
    front = models.CharField(max_length=64, null=True)  # noqa: DJ001 -- null refers to no photo
    back = models.CharField(max_length=64, null=True)  # noqa: DJ001
    logo = models.CharField(max_length=64, null=True)  # noqa: DJ001

    balance = models.BigIntegerField(null=True)
    uses = models.JSONField(default=dict)
    times_used = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    share: "CardShare | None" = None
    """Whose eyes this card is seen with, where it is not its owner (wallet.card_access)."""

    class Meta:
        """What PostgreSQL holds for every card; the photos' keys are in sql/cards.sql."""

        db_table = "wallet_card"
        constraints = (
            models.UniqueConstraint(fields=("person", "uuid"), name="card_once"),
            # What changes, balances and photos refer to: a card together with whose it is.
            models.UniqueConstraint(fields=("id", "person"), name="card_of_person"),
            models.UniqueConstraint(fields=("person", "cursor"), name="card_cursor_once"),
            models.CheckConstraint(
                condition=~models.Q(name="") & models.Q(name__regex=ONE_LINE), name="card_is_named"
            ),
            models.CheckConstraint(
                condition=models.Q(issuer__regex=ONE_LINE, number__regex=ONE_LINE),
                name="card_texts_are_one_line",
            ),
            models.CheckConstraint(
                condition=models.Q(symbology="", payload="")
                | (models.Q(symbology__in=list(SYMBOLOGIES)) & ~models.Q(payload="")),
                name="card_barcode_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(encoding__in=ENCODINGS), name="card_encoding_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(colour__regex=COLOUR), name="card_colour_is_one"
            ),
            models.CheckConstraint(condition=models.Q(unit__regex=UNIT), name="card_unit_is_one"),
            models.CheckConstraint(
                condition=models.Q(groups__len__lte=MOST_GROUPS), name="card_groups_are_few"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the name its owner gave it."""
        return self.name

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; never one that is seen with somebody else's eyes, whose star would stay."""
        if self.share is not None:
            message = "This card is as somebody else sees it; save the owner's."
            raise TypeError(message)
        super().save(*args, **kwargs)

    @property
    def is_money(self) -> bool:
        """Say whether the balance is in minor units of a currency."""
        return self.unit.isupper()


class _OfCard(models.Model):
    """What is said of a card on a phone, kept for ever; ``uuid`` makes saying it twice harmless."""

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    card = models.ForeignKey(
        "wallet.Card",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (card, person) refers to the card
    )
    uuid = models.UUIDField(editable=False)
    device = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Two tables have this shape."""

        abstract = True


class CardChange(_OfCard):
    """One edit: ``fields`` as wallet.merging takes them. Also what did not win is kept."""

    edited_at = models.DateTimeField()
    fields = models.JSONField()

    class Meta:
        """An edit once per person."""

        db_table = "wallet_card_change"
        constraints = (models.UniqueConstraint(fields=("person", "uuid"), name="card_change_once"),)

    @override
    def __str__(self) -> str:
        """Return which fields."""
        return ", ".join(self.fields)


class CardBalanceChange(_OfCard):
    """What went on or off the balance: deltas add up, in whatever order they arrive.

    ``share`` is by whom, where it was not the owner.
    """

    share = models.ForeignKey(
        "wallet.CardShare",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,  # (share, card) refers to the share
    )
    changed_at = models.DateTimeField()
    delta = models.BigIntegerField()
    note = models.CharField(max_length=80, blank=True)

    class Meta:
        """A change once per person."""

        db_table = "wallet_card_balance_change"
        constraints = (
            models.UniqueConstraint(fields=("person", "uuid"), name="card_balance_change_once"),
            models.CheckConstraint(
                condition=models.Q(delta__range=(-(10**12), 10**12)) & ~models.Q(delta=0),
                name="card_balance_change_is_sane",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return how much."""
        return f"{self.delta:+d}"
