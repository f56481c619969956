"""Write "who looked" when an answer names the shopper."""

from merchants.checkout.call import Call
from merchants.checkout.pricing import Shopper
from okplatform.kernel.db import transaction_required
from wallet.actions.record_disclosure import Look, record_disclosure


@transaction_required
def disclose(*, call: Call, shopper: Shopper, place: str) -> None:
    """Record, in the transaction of the answer, that this till saw the name, if it did."""
    if shopper.name is None:
        return
    look = Look(
        person_id=shopper.person_id,
        merchant_id=call.key.merchant_id,
        actor=call.till.actor,
        actor_name=place,
        purpose="identity",
        what="name",
        at=call.now,
    )
    record_disclosure([look])
