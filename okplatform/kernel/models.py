"""The kernel's own tables: audit and events (whose rows never change), outbox, idempotency."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from typing_extensions import override

from okplatform.kernel.modes import Mode


class AuditEntry(models.Model):
    """Who did what to what, when, and under which trace."""

    at = models.DateTimeField(db_default=Now())
    actor_kind = models.TextField()
    actor_id = models.TextField()
    action = models.TextField()
    object_type = models.TextField()
    object_id = models.TextField()
    merchant_id = models.BigIntegerField(null=True)
    mode = models.TextField(choices=Mode, null=True)  # noqa: DJ001 -- null says: about no mode
    data = models.JSONField(default=dict, db_default={})
    trace_id = models.TextField(db_default="")

    class Meta:
        """Looked up by object, and by merchant in time order."""

        indexes = (
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["merchant_id", "at"], name="audit_merchant"),
        )

    @override
    def __str__(self) -> str:
        """Say the deed."""
        return (
            f"{self.actor_kind}:{self.actor_id} {self.action} {self.object_type}:{self.object_id}"
        )


class Event(models.Model):
    """A published fact; order per aggregate by ``sequence``."""

    type = models.TextField()
    aggregate_type = models.TextField()
    aggregate_id = models.TextField()
    sequence = models.BigIntegerField()
    merchant_id = models.BigIntegerField(null=True)
    mode = models.TextField(choices=Mode, null=True)  # noqa: DJ001 -- null says: about no mode
    payload = models.JSONField()
    trace_id = models.TextField(db_default="")
    occurred_at = models.DateTimeField()

    class Meta:
        """One place in the order per event."""

        constraints = (
            models.UniqueConstraint(
                fields=["aggregate_type", "aggregate_id", "sequence"], name="event_in_order"
            ),
        )

    @override
    def __str__(self) -> str:
        """Say the fact."""
        return f"{self.type} {self.aggregate_id}#{self.sequence}"


class OutboxItem(models.Model):
    """An event that some handler still has to act on; gone once all have.

    ``done`` names the handlers that have acted when another one failed.
    """

    event = models.OneToOneField("kernel.Event", models.PROTECT, primary_key=True, related_name="+")
    aggregate_type = models.TextField()
    aggregate_id = models.TextField()
    done = ArrayField(models.TextField(), default=list, db_default=[])
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(default="", db_default="")

    class Meta:
        """Read by aggregate, to find the oldest of each."""

        indexes = (
            models.Index(
                fields=["aggregate_type", "aggregate_id", "event"], name="outbox_aggregate"
            ),
        )

    @override
    def __str__(self) -> str:
        """Say which event waits."""
        return f"event {self.event_id}, attempt {self.attempts}"


class IdempotencyKey(models.Model):
    """A key a client chose, the body it came with, and what was decided."""

    owner = models.TextField()
    key = models.TextField()
    body_hash = models.BinaryField(max_length=32)
    lease_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    decision = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        """One key per owner; forgotten by age."""

        constraints = (
            models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once"),
        )
        indexes = (models.Index(fields=["created_at"], name="idempotency_age"),)

    @override
    def __str__(self) -> str:
        """Say whose key."""
        return f"{self.owner} {self.key}"
