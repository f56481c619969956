"""The PIN by which a person shows to be there, and the count of wrong ones."""

from django.db import models
from django.db.models import Q
from typing_extensions import override


class PresencePin(models.Model):
    """A person's own 4 to 8 digits, hashed with a pepper that lies outside the database.

    ``tries`` counts the tries since the last right one, each before it is looked at; at
    ``MOST_TRIES`` the PIN is locked until its owner sets a new one. The PIN that unlocks a phone
    (static/js/wallet-vault.js) is another: it never leaves that phone.
    """

    MOST_TRIES = 5

    person = models.OneToOneField(
        "parties.Person", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    secret_hash = models.CharField(max_length=128)
    tries = models.PositiveSmallIntegerField(default=0)
    set_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        """What PostgreSQL holds for every PIN."""

        db_table = "wallet_presence_pin"
        constraints = (
            models.CheckConstraint(condition=Q(tries__lte=5), name="presence_pin_tries_are_few"),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is."""
        return f"PIN of person {self.person_id}"

    @property
    def is_locked(self) -> bool:
        """Say whether no try is left."""
        return self.tries >= self.MOST_TRIES
