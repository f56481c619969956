"""Notifications on people's phones: what each wants to hear and when, where to, what is said."""

import uuid
from datetime import time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

MOST_PHONES = 10
LONGEST_ENDPOINT = 500
MOST_DAYS_BEFORE = 60


class PushKind(models.TextChoices):
    """What a notification is about. ``test`` is what somebody sends themselves."""

    PAYMENT = "payment", "payment"
    SECURITY = "security", "security"
    RECEIPT = "receipt", "receipt"
    CARD = "card", "card"
    WARRANTY = "warranty", "warranty"
    POINTS = "points", "points"
    TEST = "test", "test"


CHOSEN = tuple(kind.value for kind in PushKind if kind is not PushKind.TEST)
"""The kinds that people turn on and off."""
AT_ONCE = (PushKind.PAYMENT.value, PushKind.SECURITY.value, PushKind.TEST.value)
"""What quiet hours do not hold up: it is of no use, or too late, afterwards."""


def calm() -> list[str]:
    """Return what is on at first: all but receipts, which come with every purchase."""
    return [kind for kind in CHOSEN if kind != PushKind.RECEIPT]


class PushSettings(models.Model):
    """What a person wants to hear of, and when; without a row the defaults count.

    Quiet hours are by the clock on the wall of ``timezone`` and may cross midnight.
    ``days_before`` is how long before its end something is spoken of. Without
    ``shows_details`` no shop, amount or name stands on a locked screen.
    """

    person = models.OneToOneField(
        "parties.Person", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    kinds = ArrayField(models.CharField(max_length=8), default=calm)
    quiet_from = models.TimeField(null=True, default=time(22))
    quiet_until = models.TimeField(null=True, default=time(7))
    timezone = models.CharField(max_length=64, default="Europe/Amsterdam")
    days_before = models.PositiveSmallIntegerField(default=7)
    shows_details = models.BooleanField(default=False)

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every row."""

        db_table = "wallet_push_settings"
        constraints = (
            models.CheckConstraint(
                condition=Q(kinds__contained_by=list(CHOSEN)), name="push_settings_kinds_known"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=F("quiet_until")),
                name="push_settings_quiet_hours_end",
            ),
            models.CheckConstraint(
                condition=Q(days_before__range=(1, MOST_DAYS_BEFORE)),
                name="push_settings_days_before_are_few",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which kinds are on."""
        return ", ".join(self.kinds)


class PushSubscription(models.Model):
    """A browser that shows notifications, for as long as it is signed in there.

    ``endpoint`` is where its push service takes messages, ``p256dh`` and ``auth`` what they are
    encrypted with (RFC 8291). A foreign key of PostgreSQL (``sql/push.sql``) takes the row away
    with the session, however that ends: signing out, blocking the phone, leaving.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    session = models.OneToOneField(
        "parties.BrowserSession",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # sql/push.sql
    )
    place = models.PositiveSmallIntegerField()
    endpoint = models.CharField(max_length=LONGEST_ENDPOINT, unique=True)
    p256dh = models.BinaryField(max_length=65)
    auth = models.BinaryField(max_length=16)
    added_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """So many per person."""

        db_table = "wallet_push_subscription"
        constraints = (
            models.UniqueConstraint(fields=("person", "place"), name="push_subscription_in_place"),
            models.CheckConstraint(
                condition=Q(place__range=(1, MOST_PHONES)), name="push_subscription_few_phones"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its name, never the endpoint: whoever knows that may write to the phone."""
        return str(self.uuid)


class PushNotice(models.Model):
    """One thing to tell a person, once: ``about`` names it within its kind.

    ``facts`` are what the sentence is made of when it is sent, in the language of then. After
    ``ends_at`` it is of no use any more.
    """

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=8, choices=PushKind.choices)
    about = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    objects: Any = MerchantManager()

    class Meta:
        """Once."""

        db_table = "wallet_push_notice"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "about"), name="push_notice_said_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("made_at")), name="push_notice_has_time"
            ),
            models.CheckConstraint(
                condition=Q(url__regex=r"^/[^/\\]"), name="push_notice_opens_our_page"
            ),
            choice_check("push_notice", "kind", PushKind),
        )

    @override
    def __str__(self) -> str:
        """Return about what."""
        return f"{self.kind} {self.about}"


class PushDeliveryState(models.TextChoices):
    """Where it stands; ``dropped`` is not wanted any more, ``given_up`` was not taken in time."""

    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    DROPPED = "dropped", "dropped"
    GIVEN_UP = "given_up", "given_up"


class PushDelivery(models.Model):
    """A notice on its way to one phone; ``status`` and ``error`` are of the last try."""

    notice = models.ForeignKey(
        "wallet.PushNotice",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # sql/push.sql: goes with its notice
    )
    subscription = models.ForeignKey(
        "wallet.PushSubscription",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # sql/push.sql: goes with its phone
    )
    state = models.CharField(
        max_length=8, choices=PushDeliveryState.choices, default=PushDeliveryState.WAITING
    )
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """One per phone; those that wait are found by when."""

        db_table = "wallet_push_delivery"
        constraints = (
            models.UniqueConstraint(
                fields=("notice", "subscription"), name="push_delivery_once_per_phone"
            ),
            models.CheckConstraint(
                condition=Q(state=PushDeliveryState.WAITING.value, ended_at=None)
                | ~Q(state=PushDeliveryState.WAITING.value) & Q(ended_at__isnull=False),
                name="push_delivery_ends_at_a_moment",
            ),
            choice_check("push_delivery", "state", PushDeliveryState),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(state=PushDeliveryState.WAITING.value),
                name="push_delivery_to_send",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return where it stands."""
        return self.state
