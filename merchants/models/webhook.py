"""Where a merchant wants to hear what happened, and what it was told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class DisabledBy(models.TextChoices):
    """Why nothing is sent to an endpoint; empty while something is."""

    NOBODY = "", _("enabled")
    STAFF = "staff", _("disabled by you")
    GONE = "gone", _("the server said that it is gone")


class DeliveryState(models.TextChoices):
    """Where a delivery stands; only one that waits is ever sent."""

    WAITING = "waiting", _("waits")
    DELIVERED = "delivered", _("delivered")
    GIVEN_UP = "given_up", _("given up")


class WebhookEndpoint(models.Model):
    """An address of a merchant's server, and the kinds of event it wants to hear of.

    ``secret`` is kept locked, and while it is being changed the one before, up to a moment.
    ``failures`` counts those in a row; with enough of them the breaker is open, since
    ``opened_at``. Nothing is sent before ``next_try_at``. Whoever sends holds ``claim`` until
    ``claimed_until``: one at a time, so that the order is kept.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField(unique=True)
    url = models.CharField(max_length=500)
    types = ArrayField(models.TextField())
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_by = models.CharField(max_length=5, choices=DisabledBy.choices, blank=True)
    failures = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["WebhookEndpoint"]] = MerchantManager()

    class Meta:
        """UNIQUE (merchant, mode, id) is what deliveries refer to."""

        db_table = "merchants_webhook_endpoint"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "id"), name="webhook_endpoint_by_merchant"
            ),
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_by="")
                | Q(disabled_at__isnull=False) & ~Q(disabled_by=""),
                name="webhook_endpoint_disabled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(old_secret=None, old_secret_until=None)
                | Q(old_secret__isnull=False, old_secret_until__isnull=False),
                name="webhook_endpoint_old_secret_ends",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_until=None)
                | Q(claim__isnull=False, claimed_until__isnull=False),
                name="webhook_endpoint_claim_ends",
            ),
            models.CheckConstraint(
                condition=Q(types__len__gt=0), name="webhook_endpoint_hears_of_something"
            ),
            choice_check("webhook_endpoint", "mode", Mode),
            choice_check("webhook_endpoint", "disabled_by", DisabledBy),
        )

    @override
    def __str__(self) -> str:
        """Return where it is."""
        return str(self.url)

    @property
    def is_open(self) -> bool:
        """Say whether the breaker is open: the server is only tried now and then."""
        return self.disabled_at is None and self.opened_at is not None


class WebhookDelivery(models.Model):
    """One message for one endpoint, about one event; a test has no event.

    ``body`` is what was and will be sent, to the byte; ``message`` its ``webhook-id``. Deliveries
    go by ``place``; a replay takes a new one, at the end. ``status`` is the HTTP status of the last
    answer, ``error`` why there was none.
    """

    endpoint = models.ForeignKey(
        "merchants.WebhookEndpoint",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, endpoint) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    event = models.ForeignKey(
        "kernel.Event", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    type = models.TextField()
    message = models.UUIDField(unique=True)
    body = models.TextField()
    state = models.CharField(
        max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    place = models.BigIntegerField()
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    replays = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=32, default="", db_default="", blank=True)

    objects: ClassVar[models.Manager["WebhookDelivery"]] = MerchantManager()

    class Meta:
        """An event is told once; what waits is found by its endpoint, in order."""

        db_table = "merchants_webhook_delivery"
        constraints = (
            models.UniqueConstraint(fields=("endpoint", "event"), name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING, ended_at=None)
                | ~Q(state=DeliveryState.WAITING) & Q(ended_at__isnull=False),
                name="webhook_delivery_ends_at_a_moment",
            ),
            choice_check("webhook_delivery", "mode", Mode),
            choice_check("webhook_delivery", "state", DeliveryState),
        )
        indexes = (
            models.Index(fields=("endpoint", "id"), name="webhook_delivery_log"),
            models.Index(
                fields=("endpoint", "place"),
                condition=Q(state=DeliveryState.WAITING, event__isnull=False),
                name="webhook_delivery_waiting",
            ),
            models.Index(
                fields=("endpoint", "place"),
                condition=Q(state=DeliveryState.WAITING, event=None),
                name="webhook_delivery_test",
            ),
            models.Index(
                fields=("give_up_at",),
                condition=Q(state=DeliveryState.WAITING),
                name="webhook_delivery_to_give_up",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what receivers know it by."""
        return f"msg_{self.message.hex}"
