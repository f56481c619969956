"""Say how a sale stands, and act on what is decided already."""

from merchants.checkout.actions.follow_answer import follow_answer
from merchants.checkout.call import Call
from merchants.checkout.facts import SaleFacts
from merchants.checkout.queries import find_sale
from merchants.checkout.refusals import SaleUnknown
from okplatform.kernel.db import transaction
from payments.states import ConfirmationState


def look_up(*, call: Call) -> SaleFacts:
    """Return the sale; raises ``SaleUnknown``.

    One whose shopper has answered, or whose deadline has passed, is brought to its end at once: a
    till that asks does not depend on a worker for its verdict.
    """
    found = _find(call)
    asked = found.confirmation
    if not found.is_waiting or asked is None:
        return found
    if asked.state == ConfirmationState.ASKED and asked.deadline > call.now:
        return found
    with transaction():
        follow_answer(key=call.key, now=call.now)
    return _find(call)


def _find(call: Call) -> SaleFacts:
    found = find_sale(call.key)
    if found is None:
        raise SaleUnknown
    return found
