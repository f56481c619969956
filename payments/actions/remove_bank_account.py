"""Stop paying from a bank account."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments.actions.close_proofs import close_proofs
from payments.models import BankAccount


class BankAccountUnknown(Refusal):
    """The person has no such bank account (any more)."""

    code = "bank_account_unknown"
    status = 404
    sentence = _("This account is not in your list.")


def remove_bank_account(
    *, person_id: int, bank_account_id: int, now: datetime, actor: Actor
) -> None:
    """Take a bank account off the list; codes that pay from it are refused from now on.

    What was bought from it before is still collected. Raises ``BankAccountUnknown``.
    """
    with transaction():
        mine = BankAccount.objects.filter(pk=bank_account_id, person_id=person_id, removed_at=None)
        account = mine.select_for_update(no_key=True).first()
        if account is None:
            raise BankAccountUnknown
        take_off(account, now=now, actor=actor)


@transaction_required
def take_off(account: BankAccount, *, now: datetime, actor: Actor) -> None:
    """Take an account that the transaction holds off its person's list."""
    account.removed_at = now
    account.ready_at = None
    account.save(update_fields=["removed_at", "ready_at"])
    close_proofs(account.pk, reason="removed")
    audit.record(
        actor=actor,
        action="bank_account_removed",
        object_type="bank_account",
        object_id=account.pk,
        mode=account.mode,
    )
