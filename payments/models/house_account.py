"""OK's own accounts at a bank."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check, currency_check


class StatementKind(models.TextChoices):
    """The forms in which a bank tells what it booked, as ``payments.bankfiles`` calls them."""

    CAMT_053 = "camt.053", "camt.053"
    MT940 = "MT940", "MT940"


class HouseAccount(models.Model):
    """One of OK's own bank accounts, where shoppers' money comes in and merchants' goes out.

    ``statement_kind`` is the one form whose lines are booked; what the bank tells in any other form
    (camt.052, camt.054) is advance notice. The IBAN is live or test, never both: a bank file names
    an IBAN and no mode.
    """

    mode = models.CharField(max_length=4, choices=Mode.choices)
    iban = models.CharField("IBAN", max_length=34)
    holder = models.CharField(max_length=70)
    currency = models.CharField(max_length=3)
    statement_kind = models.CharField(max_length=8, choices=StatementKind.choices)
    opened_at = models.DateTimeField()

    class Meta:
        """What PostgreSQL holds for every account of ours."""

        db_table = "payments_house_account"
        constraints = (
            models.UniqueConstraint(fields=("iban",), name="house_account_once"),
            # What statements and expectations refer to.
            models.UniqueConstraint(fields=("id", "mode"), name="house_account_by_mode"),
            models.CheckConstraint(
                condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
                name="house_account_iban_is_plain",
            ),
            choice_check("house_account", "mode", Mode),
            choice_check("house_account", "statement_kind", StatementKind),
            currency_check("house_account"),
        )

    @override
    def __str__(self) -> str:
        """Return its number."""
        return self.iban
