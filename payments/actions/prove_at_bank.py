"""Let a shopper prove an account by paying a cent from it at once, at the bank."""

from datetime import datetime
from uuid import UUID

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.actions.open_bank_payment import open_bank_payment
from payments.actions.remove_bank_account import BankAccountUnknown
from payments.actions.request_proof import ProvedAlready
from payments.models import BankAccount, BankPayment, BankPaymentPurpose

CENT = 1


def prove_at_bank(
    *,
    person_id: int,
    bank_account_id: int,
    request_id: UUID,
    return_url: str,
    psu_ip: str,
    now: datetime,
    actor: Actor,
) -> BankPayment:
    """Open a payment of a cent from the account: who approves it at the bank may dispose of it.

    The cent is the shopper's: it is taken off what is collected first. Raises
    ``BankAccountUnknown``, ``ProvedAlready`` or ``BankPaymentImpossible``.
    """
    with transaction():
        mine = BankAccount.objects.filter(pk=bank_account_id, person_id=person_id, removed_at=None)
        account = mine.select_for_update(no_key=True).first()
        if account is None:
            raise BankAccountUnknown
        if account.proved_at is not None:
            raise ProvedAlready
        return open_bank_payment(
            account=account,
            purpose=BankPaymentPurpose.PROOF,
            subject_id=account.pk,
            amount=CENT,
            text="OK",
            request_id=request_id,
            return_url=return_url,
            psu_ip=psu_ip,
            now=now,
            actor=actor,
        )
