"""Open what a merchant needs in the ledger, and hold it to its credit floor."""

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Merchant
from payments.chart import MERCHANT_PAYABLE
from payments.ledger import AccountRef, open_account
from payments.models import Account


def open_merchant_accounts(*, merchant_id: int, actor: Actor) -> None:
    """Open the merchant's accounts, live and test; where they exist, renew their floor.

    A first sale would open them too; this is for a merchant that has just signed, and for a
    credit floor that has changed.
    """
    with transaction():
        merchant = Merchant.objects.get(pk=merchant_id)
        ref = AccountRef(MERCHANT_PAYABLE.kind, merchant_id, merchant.currency)
        for mode in Mode:
            account_id = open_account(ref, mode=mode)
            Account.objects.filter(pk=account_id).update(floor=merchant.credit_floor)
        audit.record(
            actor=actor,
            action="merchant_accounts_opened",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"floor": merchant.credit_floor},
        )
