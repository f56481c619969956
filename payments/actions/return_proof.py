"""Take back a cent that its bank would not book."""

from datetime import date, datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.actions.send_proofs import CENT, book_cent
from payments.models import OwnershipProof
from payments.postings import (
    PROOF_RETURNED,
)
from payments.settlement import move
from payments.states import ProofState

NO_REASON = "NOAS"
"""ISO 20022 for "no answer": the bank gave no reason."""


@transaction_required
def return_proof(
    *, proof_id: int, reason: str, returned_on: date, now: datetime, actor: Actor
) -> None:
    """Book that OK does not bear a cent after all, and let its code work no more.

    What it has proved before stays proved. Done again it changes nothing.
    """
    mine = OwnershipProof.objects.filter(pk=proof_id)
    if not mine.filter(returned_on=None).update(returned_on=returned_on):
        return
    move(mine, ProofState.CLOSED, closed_reason=reason or NO_REASON)
    proof = mine.select_related("house_account").get()
    if proof.house_account is not None:
        book_cent(proof_id, proof.house_account, PROOF_RETURNED, -CENT, now=now)
    audit.record(
        actor=actor,
        action="proof_returned",
        object_type="bank_account",
        object_id=proof.bank_account_id,
        mode=proof.mode,
        data={"reason": reason},
    )
