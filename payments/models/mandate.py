"""The permission to collect from a bank account: a SEPA mandate (CORE)."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check
from payments.states import MandateState


class Mandate(models.Model):
    """What the holder of a bank account signed, and until when it holds.

    ``reference`` is the mandate's identification at the bank (MndtId); ``text_version`` says which
    text was on the page. ``closed_reason`` is "withdrawn", or the bank's return code that ended it.
    ``first_settled_at`` is when the first collection was had: from then on the sequence is RCUR.
    """

    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    reference = models.CharField(max_length=35, unique=True)
    text_version = models.PositiveSmallIntegerField()
    signed_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=MandateState.ACTIVE)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=16, blank=True)
    first_settled_at = models.DateTimeField(null=True)

    class Meta:
        """One mandate at a time per bank account; its index also finds it."""

        constraints = (
            models.UniqueConstraint(
                fields=("bank_account",),
                condition=Q(state=MandateState.ACTIVE),
                name="mandate_is_signed_once",
            ),
            # What collections refer to: a mandate of their own bank account.
            models.UniqueConstraint(
                fields=("bank_account", "mode", "id"), name="mandate_by_bank_account"
            ),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^[A-Z0-9-]{1,35}$"),
                name="mandate_reference_is_plain",
            ),
            models.CheckConstraint(
                condition=Q(state=MandateState.ACTIVE, closed_at=None, closed_reason="")
                | Q(state=MandateState.CLOSED, closed_at__isnull=False) & ~Q(closed_reason=""),
                name="mandate_closed_for_a_reason",
            ),
            choice_check("mandate", "mode", Mode),
            choice_check("mandate", "state", MandateState),
        )

    @override
    def __str__(self) -> str:
        """Return its reference."""
        return self.reference
