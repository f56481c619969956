"""Give a sale up; also one that never arrived, so that a late original can never pay."""

from merchants.checkout.call import Call
from merchants.checkout.refusals import SaleClosed
from okplatform.kernel.db import transaction
from okplatform.trade.actions.cancel_sale import cancel


def cancel_sale(*, call: Call) -> None:
    """Cancel an open or unknown sale; doing it again is fine. Raises ``SaleClosed`` once paid."""
    with transaction():
        outcome = cancel(
            key=call.key,
            store_id=call.till.store_id,
            currency=call.till.currency,
            language=call.till.language,
            actor=call.till.actor,
            now=call.now,
        )
    if outcome.state == "closed":
        raise SaleClosed
