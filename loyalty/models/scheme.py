"""What the builder keeps: a merchant's scheme, its versions, its replays, its offers."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.builder.scheme import Slot
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class ReplayState(models.TextChoices):
    """A replay waits, runs, and is done or has come to nothing."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Source(models.TextChoices):
    """Whose baskets a replay takes."""

    OWN = "own", _("your own sales")
    SAMPLE = "sample", _("sample sales")


class Scheme(models.Model):
    """A merchant's scheme as the builder knows it.

    ``draft`` is the content (``loyalty.builder.SchemeContent``) that is being worked on.
    ``opened_at`` is when the merchant first opened the builder, from which its stopwatch runs.
    ``in_force`` and ``scheduled`` are numbers of versions; the latter comes into force at
    ``starts_at``.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    draft = models.JSONField()
    opened_at = models.DateTimeField()
    in_force = models.IntegerField(null=True)
    scheduled = models.IntegerField(null=True)
    starts_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """Found by what is due to start."""

        constraints = (
            models.CheckConstraint(
                condition=Q(scheduled=None, starts_at=None)
                | Q(scheduled__isnull=False, starts_at__isnull=False),
                name="scheme_says_when_it_starts",
            ),
        )
        indexes = (
            models.Index(
                fields=("starts_at",), condition=Q(starts_at__isnull=False), name="scheme_due"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is, by its number."""
        return f"scheme of merchant {self.pk}"


class SchemeVersion(models.Model):
    """What was published once; written once and never changed.

    ``number`` counts a merchant's versions from one. ``content`` and ``fingerprint`` are those of
    the draft it was made of, or of version ``back_to`` where it brings that one back. With
    ``accepts_loss`` the merchant knew that it sells below cost. ``starts_at`` is the moment asked
    for; ``started_at``, the only thing that is filled in later, when it came into force.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.IntegerField()
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    accepts_loss = models.BooleanField(default=False)
    back_to = models.IntegerField(null=True)
    published_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """Numbered per merchant."""

        db_table = "loyalty_scheme_version"
        constraints = (
            models.UniqueConstraint(fields=("merchant", "number"), name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(number__gt=0) & (Q(back_to=None) | Q(back_to__lt=models.F("number"))),
                name="scheme_version_counts_from_one",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(started_at__gte=models.F("starts_at")),
                name="scheme_version_starts_in_time",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its number."""
        return f"version {self.number}"


class SchemeReplay(models.Model):
    """A draft on baskets of the past, and what was proved of it.

    ``fingerprint`` says of which content; ``total`` and ``done`` count baskets; ``result`` and
    ``proofs`` are those of ``loyalty.builder``. A run that has not ended by ``claimed_until`` has
    died, and another begins anew.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=ReplayState.choices, default=ReplayState.WAITING)
    source = models.CharField(max_length=6, choices=Source.choices, blank=True)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    result: Any = models.JSONField(null=True)
    proofs: Any = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """Read by merchant, newest first; found while it waits."""

        db_table = "loyalty_scheme_replay"
        constraints = (
            choice_check("scheme_replay", "state", ReplayState),
            models.CheckConstraint(
                condition=~Q(state=ReplayState.DONE.value)
                | Q(result__isnull=False, proofs__isnull=False, ended_at__isnull=False)
                & Q(source__in=Source.values),
                name="scheme_replay_that_is_done_has_a_result",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "-id"), name="scheme_replay_newest"),
            models.Index(
                fields=("claimed_until",),
                condition=Q(state__in=(ReplayState.WAITING.value, ReplayState.RUNNING.value)),
                name="scheme_replay_due",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which one it is."""
        return f"replay {self.pk}"


class SchemeOffer(models.Model):
    """The offer that a slot of a merchant's scheme was made to; it stays the same one."""

    pk = models.CompositePrimaryKey("merchant_id", "slot")
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, offer) refers to it
    )
    slot = models.CharField(max_length=16)
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, offer) refers to it
    )

    objects: Any = MerchantManager()

    class Meta:
        """One offer is in one slot."""

        db_table = "loyalty_scheme_offer"
        constraints = (
            models.UniqueConstraint(fields=("merchant", "offer"), name="scheme_offer_once"),
            models.CheckConstraint(
                condition=Q(slot__in=[slot.value for slot in Slot]), name="scheme_offer_slot_is_one"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the slot."""
        return self.slot
