"""Let a shopper type the code that a cent carried."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments import proof_codes
from payments.actions.close_proofs import close_expired, close_proofs
from payments.actions.prove_ownership import prove_ownership
from payments.models import MOST_TRIES, BankAccount, OwnershipProof, ProvedBy
from payments.settlement import move
from payments.states import ProofState


class NoCodeExpected(Refusal):
    """No cent is under way to this account, or its code has expired."""

    code = "no_code_expected"
    sentence = _("No code works for this account now. Ask for a new one.")


class CodeNotSent(Refusal):
    """The cent waits for the next file: nobody can have read its code."""

    code = "proof_code_not_sent"
    sentence = _("The transfer with the code has not left yet. Look at your account later.")


class CodeWrong(Refusal):
    """It is another code; ``left`` tries are left."""

    code = "proof_code_wrong"
    status = 422
    sentence = _("That is not the code in the transfer. You can try {left} more times.")


class TriesUsed(Refusal):
    """It is another code, and was the last try."""

    code = "proof_tries_used"
    sentence = _("That was not the code either, and the last try. Ask for a new code.")


def enter_proof_code(
    *, person_id: int, bank_account_id: int, code: str, now: datetime, actor: Actor
) -> None:
    """Prove an account by its cent's code.

    Every try is counted, whatever comes of it. Raises ``NoCodeExpected``, ``CodeNotSent``,
    ``CodeWrong`` or ``TriesUsed``; a wrong code stays counted.
    """
    with transaction():
        refusal = _try(person_id, bank_account_id, code, now=now, actor=actor)
    if refusal is not None:
        raise refusal


@transaction_required
def _try(
    person_id: int, bank_account_id: int, code: str, *, now: datetime, actor: Actor
) -> Refusal | None:
    # Its account is held before the proof, as by whoever removes it.
    owned = BankAccount.objects.filter(pk=bank_account_id, person_id=person_id, removed_at=None)
    if owned.select_for_update(no_key=True).first() is None:
        return NoCodeExpected()
    # No join here: of many at once each must find what the one before has counted.
    mine = OwnershipProof.objects.filter(bank_account_id=bank_account_id, state=ProofState.SENT)
    counted = mine.filter(tries__lt=MOST_TRIES, expires_at__gt=now).update(tries=F("tries") + 1)
    proof = mine.first()
    if not counted or proof is None:
        return _nothing_to_try(bank_account_id, now=now)
    if proof_codes.is_right(proof.pk, code, proof.code_hash):
        move(mine, ProofState.PROVED)
        prove_ownership(
            bank_account_id=bank_account_id, proved_by=ProvedBy.CENT, now=now, actor=actor
        )
        return None
    audit.record(
        actor=actor,
        action="proof_code_wrong",
        object_type="bank_account",
        object_id=bank_account_id,
        mode=proof.mode,
        data={"tries": proof.tries},
    )
    if proof.tries < MOST_TRIES:
        return CodeWrong(left=MOST_TRIES - proof.tries)
    close_proofs(bank_account_id, reason="tries")
    return TriesUsed()


@transaction_required
def _nothing_to_try(bank_account_id: int, *, now: datetime) -> Refusal:
    close_expired(bank_account_id, now=now)
    waiting = OwnershipProof.objects.filter(
        bank_account_id=bank_account_id, state=ProofState.REQUESTED
    )
    return CodeNotSent() if waiting.exists() else NoCodeExpected()
