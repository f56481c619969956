"""A bank account that a shopper pays from."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check


class NameCheck(models.TextChoices):
    """What a bank says of a name on an account (Verification of Payee, EPC218-23).

    ``close`` is nearly right. A bank that does not answer, or does not take part, is
    ``not_available``.
    """

    NOT_ASKED = "", "not asked"
    MATCH = "match", "match"
    CLOSE = "close", "close"
    NO_MATCH = "no_match", "no match"
    NOT_AVAILABLE = "not_available", "not available"


class ProvedBy(models.TextChoices):
    """How it was proved whose account it is.

    A cent with a code, a payment that its holder approved at the bank, or somebody who answers for
    it (``payments.actions.vouch_for_account``).
    """

    NOTHING = "", "nothing"
    CENT = "cent", "a cent with a code"
    BANK = "bank", "at the bank"
    VOUCHER = "voucher", "somebody who answers for it"


class BankAccount(models.Model):
    """An IBAN and its holder, of one person; the shopper chooses it by choosing its code.

    SEPA accounts pay in euros. ``bank`` is the bank's name as the shopper knows it. A removed
    account stays, because payments refer to it; added again it is a new row. ``name_check`` is what
    its bank said of the holder's name. A code pays from it since ``ready_at``: while it is on the
    list, proved to be the shopper's own, and signed for.
    """

    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (person, mode) refers to it
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    iban = models.CharField("IBAN", max_length=34)
    holder = models.CharField(_("account holder"), max_length=70)
    bank = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    name_check = models.CharField(max_length=13, default=NameCheck.NOT_ASKED, blank=True)
    name_checked_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)
    proved_by = models.CharField(max_length=8, blank=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        """An IBAN stands once in a person's list; its index also finds the list."""

        db_table = "payments_bank_account"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "iban"),
                condition=Q(removed_at=None),
                name="bank_account_is_added_once",
            ),
            # What payments refer to.
            models.UniqueConstraint(fields=("id", "mode"), name="bank_account_by_mode"),
            models.CheckConstraint(
                condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
                name="bank_account_iban_is_plain",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(removed_at__gte=F("added_at")),
                name="bank_account_removed_after_it_was_added",
            ),
            models.CheckConstraint(
                condition=Q(name_check="", name_checked_at=None)
                | ~Q(name_check="") & Q(name_checked_at__isnull=False),
                name="bank_account_name_checked_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(proved_at=None, proved_by="")
                | Q(proved_at__isnull=False) & ~Q(proved_by=""),
                name="bank_account_proved_by_something",
            ),
            models.CheckConstraint(
                condition=Q(ready_at=None) | Q(proved_at__isnull=False, removed_at=None),
                name="bank_account_ready_is_proved",
            ),
            choice_check("bank_account", "mode", Mode),
            choice_check("bank_account", "name_check", NameCheck),
            choice_check("bank_account", "proved_by", ProvedBy),
        )

    @override
    def __str__(self) -> str:
        """Return how the shopper recognises it."""
        return f"{self.bank} {self.tail}"

    @property
    def tail(self) -> str:
        """Return the last four digits, all of the number that a page shows."""
        return self.iban[-4:]
