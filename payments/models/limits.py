"""What may be spent, and what has been: one small row per bank account, beside its payments.

Counters stand in the row with the start of their window, so that a payment is allowed, refused and
counted by one conditional update (``payments_capture``), without a look at what was paid before.
"""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from payments import spending


class Limit(models.Model):
    """Amounts in cents per calendar day and month of Amsterdam; payments per hour.

    ``hour_from`` is the first payment of the last hour in which one was made. ``opened_at`` is
    from when on payments are counted.
    """

    daily = models.BigIntegerField(db_default=spending.DAILY)
    monthly = models.BigIntegerField(db_default=spending.MONTHLY)
    hourly_payments = models.IntegerField(db_default=spending.HOURLY_PAYMENTS)
    day = models.DateField()
    day_spent = models.BigIntegerField(db_default=0)
    month = models.DateField()
    month_spent = models.BigIntegerField(db_default=0)
    hour_from = models.DateTimeField()
    hour_payments = models.IntegerField(db_default=0)
    opened_at = models.DateTimeField()

    class Meta:
        """Shared by both kinds; the checks are each kind's own."""

        abstract = True


def within_bounds(kind: str) -> models.CheckConstraint:
    """Return the check that keeps a limit within what OK allows anybody."""
    return models.CheckConstraint(
        condition=Q(daily__range=(0, spending.MOST_DAILY))
        & Q(monthly__range=(0, spending.MOST_MONTHLY)),
        name=f"{kind}_limit_within_bounds",
    )


class AccountLimit(Limit):
    """The limits of one bank account.

    ``unconfirmed`` is what was paid without a confirmation since the last one with it. ``person``
    is set where that person's own limit counts too: who has one account needs no second row.
    """

    bank_account = models.OneToOneField(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="limit",
        db_constraint=False,  # each payment updates the row; verify proves that the account exists
    )
    person = models.ForeignKey(
        "payments.PersonLimit",
        on_delete=models.PROTECT,
        null=True,
        related_name="accounts",
        db_index=False,
        db_constraint=False,
    )
    unconfirmed = models.BigIntegerField(db_default=0)

    class Meta:
        """No index but the key, so that counting moves no index (HOT)."""

        db_table = "payments_account_limit"
        constraints = (within_bounds("account"),)

    @override
    def __str__(self) -> str:
        """Return whose it is."""
        return f"limit of bank account {self.bank_account_id}"


class PersonLimit(Limit):
    """The limits of one person over several bank accounts."""

    person = models.OneToOneField(
        "parties.Person",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta:
        """As above."""

        db_table = "payments_person_limit"
        constraints = (within_bounds("person"),)

    @override
    def __str__(self) -> str:
        """Return whose it is."""
        return f"limit of person {self.person_id}"
