"""Give a sale up; also one that never arrived, so that a late original can never pay."""

from merchants.checkout.call import Call
from merchants.checkout.refusals import SaleClosed
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.actions.cancel_sale import cancel
from payments.actions.end_confirmation import withdraw_confirmation


def cancel_sale(*, call: Call) -> None:
    """Cancel an open or unknown sale; doing it again is fine. Raises ``SaleClosed`` once paid.

    A phone that is asked about it is told that it is over.
    """
    with transaction(), merchant_scope(call.key.merchant_id):
        outcome = cancel(
            key=call.key,
            store_id=call.till.store_id,
            currency=call.till.currency,
            language=call.till.language,
            actor=call.till.actor,
            now=call.now,
        )
        if outcome.changed:
            withdraw_confirmation(sale_id=outcome.sale_id, now=call.now, actor=call.till.actor)
    if outcome.state == "closed":
        raise SaleClosed
