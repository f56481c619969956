"""Send a cent with a code to a bank account, so that its holder can prove to be its holder."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from payments import proof_codes
from payments.actions.close_proofs import close_proofs
from payments.actions.remove_bank_account import BankAccountUnknown
from payments.models import BankAccount, OwnershipProof
from payments.settlement import move
from payments.states import ProofState

VALID = timedelta(days=7)
"""A cent needs up to three days over a long weekend; then there must be time to look."""
A_WHILE = timedelta(days=1)
MOST_IN_A_WHILE = 3
"""Cents per person and day: nobody fills a stranger's statement at our expense."""


class ProvedAlready(Refusal):
    """The account is proved."""

    code = "bank_account_proved_already"
    sentence = _("You have proved this account already.")


class TooManyProofs(Refusal):
    """So many cents were asked for that another would be somebody's nuisance."""

    code = "too_many_proofs"
    status = 429
    sentence = _("We have sent three codes within a day. Look at your account, or try tomorrow.")


def request_proof(*, person_id: int, bank_account_id: int, now: datetime, actor: Actor) -> None:
    """Ask for a cent to an account; one that is under way is replaced, and its code is void.

    The cent goes with the next file (``send_proofs``). A test person's never goes, and carries
    ``proof_codes.TEST_CODE``. Raises ``BankAccountUnknown``, ``ProvedAlready`` or
    ``TooManyProofs``.
    """
    with transaction():
        # Whoever asks for several accounts at once is counted once.
        Person.objects.select_for_update(no_key=True).get(pk=person_id)
        account = BankAccount.objects.filter(
            pk=bank_account_id, person_id=person_id, removed_at=None
        ).first()
        if account is None:
            raise BankAccountUnknown
        if account.proved_at is not None:
            raise ProvedAlready
        lately = OwnershipProof.objects.filter(requested_at__gt=now - A_WHILE)
        if lately.filter(bank_account__person_id=person_id).count() >= MOST_IN_A_WHILE:
            raise TooManyProofs
        close_proofs(bank_account_id, reason="replaced")
        proof = OwnershipProof.objects.create(
            bank_account=account, mode=account.mode, requested_at=now
        )
        if account.mode == Mode.TEST:
            move(
                OwnershipProof.objects.filter(pk=proof.pk),
                ProofState.SENT,
                code_hash=proof_codes.hashed(proof.pk, proof_codes.TEST_CODE),
                expires_at=now + VALID,
            )
        audit.record(
            actor=actor,
            action="proof_requested",
            object_type="bank_account",
            object_id=bank_account_id,
            mode=account.mode,
        )
