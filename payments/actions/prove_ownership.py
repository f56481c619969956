"""Keep that a bank account is its shopper's own."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.events.settlement import OwnershipProved
from payments.models import BankAccount, ProvedBy
from payments.readiness import keep_ready


@transaction_required
def prove_ownership(
    *, bank_account_id: int, proved_by: ProvedBy, now: datetime, actor: Actor
) -> bool:
    """Keep that an account is proved, and how; false if it was proved before, or was removed.

    A part of the action that has the proof. Codes may pay from it once it is signed for too.
    """
    mine = BankAccount.objects.filter(pk=bank_account_id, removed_at=None, proved_at=None)
    if not mine.update(proved_at=now, proved_by=proved_by):
        return False
    keep_ready(bank_account_id, now=now)
    account = BankAccount.objects.get(pk=bank_account_id)
    audit.record(
        actor=actor,
        action="bank_account_proved",
        object_type="bank_account",
        object_id=bank_account_id,
        mode=account.mode,
        data={"by": proved_by.value},
    )
    events.publish(
        OwnershipProved(
            bank_account_id=bank_account_id, person_id=account.person_id, proved_by=proved_by.value
        ),
        now=now,
        mode=account.mode,
    )
    return True
