"""Let no code prove a bank account any more."""

from datetime import datetime

from okplatform.kernel.db import transaction_required
from payments.models import OwnershipProof
from payments.settlement import move
from payments.states import ProofState


@transaction_required
def close_proofs(bank_account_id: int, *, reason: str) -> None:
    """Close the attempt that is under way for an account, if one is."""
    mine = OwnershipProof.objects.filter(bank_account_id=bank_account_id)
    move(mine, ProofState.CLOSED, closed_reason=reason)


@transaction_required
def close_expired(bank_account_id: int, *, now: datetime) -> None:
    """Close an attempt whose time is over, so that the page offers another."""
    mine = OwnershipProof.objects.filter(bank_account_id=bank_account_id, expires_at__lte=now)
    move(mine, ProofState.CLOSED, closed_reason="expired")
