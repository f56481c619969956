"""Say how far below zero a merchant's balance may go, and hold its accounts to it."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.set_credit_floor import set_credit_floor
from okplatform.parties.models import Merchant
from payments.chart import MERCHANT_PAYABLE
from payments.ledger import AccountRef, open_account

# The balance is read in a statement after the lock: it sees what the last holder has booked.
LOCK = "SELECT id FROM payments_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
RENEW = """
UPDATE payments_account SET floor = %s WHERE id = ANY(%s) AND ledger_balance(id) >= %s RETURNING id
"""


class CreditInUse(Refusal):
    """The balance is below the new floor already."""

    code = "credit_in_use"
    status = 409
    sentence = _("The merchant has used more of its credit than this. It must come back first.")


def grant_credit(*, merchant_id: int, credit: int, actor: Actor) -> None:
    """Give a merchant so much credit, in minor units; 0 takes it away. Raises ``CreditInUse``."""
    floor = -credit
    with transaction():
        set_credit_floor(merchant_id=merchant_id, floor=floor, actor=actor)
        merchant = Merchant.objects.get(pk=merchant_id)
        ref = AccountRef(MERCHANT_PAYABLE.kind, merchant_id, merchant.currency)
        accounts = [open_account(ref, mode=mode) for mode in Mode]
        call(LOCK, [accounts])
        if len(call(RENEW, [floor, accounts, floor])) < len(accounts):
            raise CreditInUse
