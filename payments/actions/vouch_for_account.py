"""Keep that a bank account is somebody's own because somebody answers for it."""

from datetime import datetime

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.actions.prove_ownership import prove_ownership
from payments.actions.remove_bank_account import BankAccountUnknown
from payments.models import BankAccount, ProvedBy
from payments.readiness import hold_account


def vouch_for_account(*, bank_account_id: int, now: datetime, actor: Actor) -> None:
    """Take an account for proved on the word of ``actor``, whom the audit names.

    For who brings accounts along that were proved elsewhere: an importer, or an operator who has
    seen the bank card. Done again it changes nothing. Raises ``BankAccountUnknown``.
    """
    with transaction():
        hold_account(bank_account_id)
        if not BankAccount.objects.filter(pk=bank_account_id, removed_at=None).exists():
            raise BankAccountUnknown
        prove_ownership(
            bank_account_id=bank_account_id, proved_by=ProvedBy.VOUCHER, now=now, actor=actor
        )
