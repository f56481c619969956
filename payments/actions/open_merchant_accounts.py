"""Open what a merchant needs in the ledger."""

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Merchant
from payments.chart import MERCHANT_PAYABLE
from payments.ledger import AccountRef, open_account


def open_merchant_accounts(*, merchant_id: int, actor: Actor) -> None:
    """Open the merchant's accounts, live and test, with its credit floor; twice changes nothing.

    A first sale would open them too; this is for a merchant that has just signed.
    """
    with transaction():
        merchant = Merchant.objects.get(pk=merchant_id)
        ref = AccountRef(MERCHANT_PAYABLE.kind, merchant_id, merchant.currency)
        for mode in Mode:
            open_account(ref, mode=mode)
        audit.record(
            actor=actor,
            action="merchant_accounts_opened",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"floor": merchant.credit_floor},
        )
