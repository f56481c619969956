"""Where a person is signed in: one row beside each of Django's sessions that somebody uses."""

import uuid

from django.db import models
from typing_extensions import override


class BrowserSession(models.Model):
    """A browser that somebody is signed in with, as its owner knows it.

    ``session_key`` is Django's; a foreign key of PostgreSQL (``migrations/sql``) takes the row away
    with the session, however that ends. ``device`` is opaque here: the phone that this browser is,
    where the wallet has enrolled it as one. No IP address and no User-Agent is kept.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session_key = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    browser = models.CharField(max_length=80, blank=True)
    device = models.UUIDField(null=True)
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        """What PostgreSQL holds for every one."""

        db_table = "parties_browser_session"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(seen_at__gte=models.F("signed_in_at")),
                name="browser_session_seen_after_sign_in",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the browser's name, never the key."""
        return self.browser
