"""A card that its owner shares: the invitation, and who has it since."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check
from wallet.models.card import MOST_GROUPS, ONE_LINE

MOST_SHARES = 20
"""People who have one card, and invitations to it that are open."""

MOST_SHARED = 100
"""Cards of others that one person has."""

LONGEST_NAME = 80


class ShareLevel(models.TextChoices):
    """What somebody may do with another's card."""

    READ = "read", _("show it")
    USE = "use", _("show it and book amounts")


class EndedBy(models.TextChoices):
    """Who ended a share; nobody yet while it is empty."""

    OWNER = "owner", "owner"
    PERSON = "person", "person"


class CardInvitation(models.Model):
    """An offer of a card that nobody has answered; the row is gone once somebody has.

    ``invited`` is who it is for: chosen by the owner from the people they share with, or whoever
    opened the link first. ``number`` counts what is open of one card. The link's secret stands
    nowhere: it follows from the row and the server's key (``wallet.card_invitations``).
    """

    uuid = models.UUIDField(unique=True, editable=False)
    owner = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    card = models.ForeignKey(
        "wallet.Card",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (card, owner) refers to the card
        db_index=False,
    )
    invited = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", null=True
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    level = models.CharField(max_length=4, choices=ShareLevel.choices)
    with_note = models.BooleanField(default=False)
    by_link = models.BooleanField()
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects: Any = models.Manager()

    class Meta:
        """So many of a card, none to oneself, and one of a card to one person."""

        db_table = "wallet_card_invitation"
        constraints = (
            models.UniqueConstraint(fields=("card", "number"), name="card_invitation_counted"),
            models.UniqueConstraint(fields=("card", "invited"), name="card_invitation_once"),
            models.CheckConstraint(
                condition=Q(number__range=(1, MOST_SHARES)), name="card_invitations_are_few"
            ),
            models.CheckConstraint(
                condition=Q(invited__isnull=True) | ~Q(invited=F("owner")),
                name="card_invitation_is_for_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(by_link=True) | Q(invited__isnull=False),
                name="card_invitation_finds_somebody",
            ),
            choice_check("card_invitation", "level", ShareLevel),
        )

    @override
    def __str__(self) -> str:
        """Return to what."""
        return f"invitation to card {self.card_id}"


class CardShare(models.Model):
    """One person who has another's card; ``uuid`` is the card's name for that person.

    Below ``cursor`` stands what is theirs and not the card's: star, groups, archive, uses; and
    ``versions`` says from which edit (wallet.merging). ``cursor`` is the place among the changes of
    their own shelf. ``name`` is the one they accepted with. ``seat`` counts who has the card,
    ``place`` the cards somebody has. A share that ended stays, so that phones hear of it; of an
    account that was deleted it has no card, owner, person or name any more.
    """

    uuid = models.UUIDField(editable=False)
    owner = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", null=True
    )
    card = models.ForeignKey(
        "wallet.Card",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,  # (card, owner) refers to the card
    )
    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    level = models.CharField(max_length=4, choices=ShareLevel.choices)
    with_note = models.BooleanField(default=False)
    seat = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=6, choices=EndedBy.choices, blank=True)

    cursor = models.BigIntegerField()
    versions = models.JSONField(default=dict)
    groups = ArrayField(models.CharField(max_length=40), default=list)
    starred = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    uses = models.JSONField(default=dict)
    times_used = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    objects: Any = models.Manager()

    class Meta:
        """What PostgreSQL holds for every one; sql/family.sql ties it to card, owner and mode."""

        db_table = "wallet_card_share"
        constraints = (
            models.UniqueConstraint(fields=("person", "uuid"), name="card_share_named_once"),
            models.UniqueConstraint(fields=("person", "cursor"), name="card_share_cursor_once"),
            # What a booking refers to: a share together with its card.
            models.UniqueConstraint(fields=("id", "card"), name="card_share_of_card"),
            models.UniqueConstraint(
                fields=("card", "person"), condition=Q(ended_at=None), name="card_share_once"
            ),
            models.UniqueConstraint(
                fields=("card", "seat"), condition=Q(ended_at=None), name="card_share_seat_once"
            ),
            models.UniqueConstraint(
                fields=("person", "place"), condition=Q(ended_at=None), name="card_share_place_once"
            ),
            models.CheckConstraint(
                condition=Q(seat__range=(1, MOST_SHARES)), name="card_shares_are_few"
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, MOST_SHARED)), name="card_shares_of_person_are_few"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(owner__isnull=True) | ~Q(person=F("owner")),
                name="card_share_is_with_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False)
                | Q(owner__isnull=False, card__isnull=False, person__isnull=False) & ~Q(name=""),
                name="card_share_in_force_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | Q(ended_at__isnull=False, ended_by__in=EndedBy.values),
                name="card_share_end_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(name__regex=ONE_LINE), name="card_share_name_is_one_line"
            ),
            models.CheckConstraint(
                condition=Q(groups__len__lte=MOST_GROUPS), name="card_share_groups_are_few"
            ),
            choice_check("card_share", "level", ShareLevel),
        )

    @override
    def __str__(self) -> str:
        """Return with whom."""
        return self.name
