"""A cent with a code, by which a shopper proves whose bank account it is."""

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check
from payments.states import ProofState

MOST_TRIES = 5
"""Codes one may type per cent: of a million codes, so many guesses are no danger."""


class OwnershipProof(models.Model):
    """One attempt: € 0.01 goes to the account, and whoever reads its text types the code in it.

    Of the code only a keyed hash is kept, and the file for the bank, which must say it.
    ``end_to_end_id`` names the cent at the bank; a test person's is never sent.
    ``closed_reason`` is "expired", "tries", "replaced", "removed" or the bank's code;
    ``returned_on`` is the day on which the cent came back.
    """

    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    state = models.CharField(max_length=9, default=ProofState.REQUESTED)
    code_hash = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    outgoing_file = models.ForeignKey(
        "payments.OutgoingFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=35, blank=True)
    returned_on = models.DateField(null=True)

    class Meta:
        """One attempt at a time per bank account, with so many tries."""

        db_table = "payments_ownership_proof"
        constraints = (
            models.UniqueConstraint(
                fields=("bank_account",),
                condition=Q(state__in=(ProofState.REQUESTED, ProofState.SENT)),
                name="ownership_proof_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(tries__lte=MOST_TRIES), name="ownership_proof_tries_are_counted"
            ),
            models.CheckConstraint(
                condition=Q(state=ProofState.REQUESTED, code_hash="", expires_at=None)
                | Q(state=ProofState.CLOSED)
                | Q(
                    state__in=(ProofState.SENT, ProofState.PROVED),
                    code_hash__regex="^[0-9a-f]{64}$",
                    expires_at__isnull=False,
                ),
                name="ownership_proof_sent_has_a_code",
            ),
            models.CheckConstraint(
                condition=Q(outgoing_file=None, house_account=None, end_to_end_id="")
                | Q(outgoing_file__isnull=False, house_account__isnull=False)
                & ~Q(end_to_end_id=""),
                name="ownership_proof_is_in_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProofState.CLOSED) & Q(closed_reason="")
                | Q(state=ProofState.CLOSED) & ~Q(closed_reason=""),
                name="ownership_proof_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("requested_at")),
                name="ownership_proof_expires_later",
            ),
            choice_check("ownership_proof", "mode", Mode),
            choice_check("ownership_proof", "state", ProofState),
        )
        indexes = (
            # How many somebody asked for lately.
            models.Index(fields=("bank_account", "requested_at"), name="ownership_proof_of"),
            models.Index(
                fields=("mode", "id"),
                condition=Q(state=ProofState.REQUESTED),
                name="ownership_proof_to_send",
            ),
            models.Index(fields=("outgoing_file",), name="ownership_proof_by_file"),
        )

    @override
    def __str__(self) -> str:
        """Return which account."""
        return f"proof of bank account {self.bank_account_id}"
