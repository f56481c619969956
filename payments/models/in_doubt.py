"""What payouts and refunds share: that for a while nobody may know whether they happened."""

from django.db import models
from django.db.models import CheckConstraint, Q

from payments.states import PayoutState


class Evidence(models.TextChoices):
    """By what it is certain that a transfer in doubt did not happen."""

    STATEMENT = "statement", "statement"
    PERSON = "person", "person"


class InDoubt(models.Model):
    """A transfer of which the bank may have said that it timed out.

    ``doubt`` is the code by which it did (``payments.states.UNCERTAIN``), ``doubted_on`` the day;
    empty and None for one that never was in doubt. ``given_up_by`` says how it became certain that
    it did not happen; empty where the bank took it, or sent it back, or refused it after all.
    """

    doubt = models.CharField(max_length=35, blank=True, default="", db_default="")
    doubted_on = models.DateField(null=True)
    given_up_by = models.CharField(max_length=9, blank=True, default="", db_default="")

    class Meta:
        """Two tables have these columns."""

        abstract = True


def doubt_checks(table: str) -> tuple[CheckConstraint, ...]:
    """Hold what is in doubt to a reason and a day, and what was given up to its evidence.

    The words are those of payouts; refunds have the same.
    """
    return (
        CheckConstraint(
            condition=Q(doubt="", doubted_on=None) & ~Q(state=PayoutState.UNKNOWN)
            | ~Q(doubt="") & Q(doubted_on__isnull=False),
            name=f"{table}_doubted_on_a_day",
        ),
        CheckConstraint(
            condition=Q(given_up_by="")
            | Q(given_up_by__in=Evidence.values, state=PayoutState.RETURNED) & ~Q(doubt=""),
            name=f"{table}_given_up_by_evidence",
        ),
    )
