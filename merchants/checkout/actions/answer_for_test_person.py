"""Let a till vendor say yes or no where a test person's phone would."""

from merchants.checkout.actions.follow_answer import follow_answer
from merchants.checkout.actions.look_up import look_up
from merchants.checkout.call import Call
from merchants.checkout.facts import SaleFacts
from merchants.checkout.refusals import SaleUnknown
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.trade.actions.open_sale import lock
from payments.actions.confirm_payment import ConfirmationUnknown, authorise
from payments.actions.end_confirmation import end, waiting_for
from payments.states import ConfirmationState


def answer_for_test_person(*, call: Call, is_yes: bool) -> SaleFacts:
    """Answer what a test sale asks its shopper, and return the sale as it ended.

    Raises ``SaleUnknown``, ``ConfirmationUnknown`` where nothing is asked or the sale is live, and
    ``ConfirmationOver`` after the deadline.
    """
    if call.key.mode != Mode.TEST:
        raise ConfirmationUnknown
    with transaction():
        held = lock(key=call.key)
        if held is None:
            raise SaleUnknown
        asked = waiting_for(held.id)
        if asked is None or asked.state != ConfirmationState.ASKED:
            raise ConfirmationUnknown
        if is_yes:
            authorise(confirmation=asked.uuid, by="test", now=call.now, actor=call.till.actor)
        else:
            end(asked, ConfirmationState.DECLINED, now=call.now, actor=call.till.actor)
    with transaction():
        follow_answer(key=call.key, now=call.now)
    return look_up(call=call)
