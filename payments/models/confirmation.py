"""A payment that waits for its payer to say yes on the phone."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check
from payments.states import ConfirmationState

WAITING = (ConfirmationState.ASKED, ConfirmationState.AUTHORISED)


class Confirmation(models.Model):
    """One question to one person: may this amount go to this merchant from this bank account.

    What is asked never changes; another amount is another question. ``confirmed_by`` says by what
    the person showed to be there, "pin" or "passkey"; ``refusal`` is the code of what was refused
    after a yes. After ``deadline`` no yes counts. ``tip`` is what of the sale is one; with
    ``minimum_age`` the yes says to be that old, too: which proves nothing, the cashier looks.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (person, mode) refers to it
    )
    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    tip = models.BigIntegerField(default=0, db_default=0)
    minimum_age = models.SmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    state = models.CharField(max_length=10, default=ConfirmationState.ASKED)
    decided_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=7, blank=True)
    refusal = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["Confirmation"]] = MerchantManager()

    class Meta:
        """A sale waits for one yes at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("sale",), condition=Q(state__in=WAITING), name="confirmation_waits_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="confirmation_asks_for_money"),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("asked_at")), name="confirmation_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state=ConfirmationState.ASKED, decided_at=None)
                | ~Q(state=ConfirmationState.ASKED) & Q(decided_at__isnull=False),
                name="confirmation_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(tip__gte=0, minimum_age__gte=0), name="confirmation_says_what_is_in_it"
            ),
            choice_check("confirmation", "mode", Mode),
            choice_check("confirmation", "state", ConfirmationState),
        )
        indexes = (
            # What a phone shows when it opens; and what the sweep finds late.
            models.Index(
                fields=("person",),
                condition=Q(state=ConfirmationState.ASKED),
                name="confirmation_asked",
            ),
            models.Index(
                fields=("deadline",),
                condition=Q(state=ConfirmationState.ASKED),
                name="confirmation_due",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which."""
        return str(self.uuid)
