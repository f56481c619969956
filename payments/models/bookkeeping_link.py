"""A merchant's bookkeeping program elsewhere, and what OK lays down in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check
from payments.states import PushState

NUMBER = r"^[0-9]{1,20}$"


class PushKind(models.TextChoices):
    """What is laid down: an invoice of OK, or a day of the merchant's OK account."""

    INVOICE = "invoice", "invoice"
    STATEMENT = "statement", "statement"


class BookkeepingLink(models.Model):
    """Where a merchant keeps its books, and how OK may write there; live trade only.

    The numbers are that program's own: the administration, the account that stands for OK, OK as
    a supplier, and the VAT rate of its invoices. ``token`` is encrypted by a key outside the
    database (``payments.secrets``). What happened from ``since`` on is sent.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    administration = models.CharField(max_length=20)
    financial_account = models.CharField(max_length=20)
    contact = models.CharField(max_length=20)
    tax_rate = models.CharField(max_length=20)
    token = models.BinaryField()
    since = models.DateField()
    connected_at = models.DateTimeField()

    objects: ClassVar[models.Manager["BookkeepingLink"]] = MerchantManager()

    class Meta:
        """The program's numbers are numbers: they stand in addresses that we call."""

        db_table = "payments_bookkeeping_link"
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    administration__regex=NUMBER,
                    financial_account__regex=NUMBER,
                    contact__regex=NUMBER,
                    tax_rate__regex=NUMBER,
                ),
                name="bookkeeping_link_numbers_are_plain",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is."""
        return f"merchant {self.merchant_id}"


class BookkeepingPush(models.Model):
    """One thing for a merchant's books; it goes there once.

    ``subject`` is the invoice's number, or the day (ISO 8601). ``external_id`` is what the program
    calls it. A failed attempt waits until ``next_attempt_at``; ``claimed_at`` is when somebody last
    began to send it.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=9, choices=PushKind.choices)
    subject = models.CharField(max_length=20)
    state = models.CharField(max_length=7, default=PushState.DUE.value)
    external_id = models.CharField(max_length=20, blank=True)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager["BookkeepingPush"]] = MerchantManager()

    class Meta:
        """Once each; what is not there yet is found by its time."""

        db_table = "payments_bookkeeping_push"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "kind", "subject"), name="bookkeeping_push_once"
            ),
            choice_check("bookkeeping_push", "kind", PushKind),
            choice_check("bookkeeping_push", "state", PushState),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at",),
                condition=~Q(state__in=[PushState.SENT.value, PushState.REFUSED.value]),
                name="bookkeeping_push_waiting",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what it is."""
        return f"{self.kind} {self.subject}"
