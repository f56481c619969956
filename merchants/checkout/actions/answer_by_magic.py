"""Let the phone of a test person answer by itself, where the sale's amount says so."""

from datetime import datetime, timedelta

from merchants.checkout.actions.follow_answer import follow_answer
from merchants.checkout.call import Call
from merchants.checkout.facts import Draft
from merchants.magic import TEST, Does, Magic, magic_of
from okplatform.kernel.db import transaction
from okplatform.trade.actions.open_sale import HeldSale, lock
from payments.actions.confirm_payment import authorise
from payments.actions.end_confirmation import end, waiting_for
from payments.states import ConfirmationState

ANSWERS = (Does.SAYS_YES, Does.SAYS_NO)


def answer_by_magic(*, call: Call) -> datetime | None:
    """Answer for the phone if its moment has come; return when it will, if that is still to come.

    The answer counts from the moment at which the phone gave it, however much later a till asks.
    Does nothing in live mode.
    """
    if call.key.mode != TEST:
        return None
    with transaction():
        held = lock(key=call.key)
        magic = _magic(call, held) if held is not None else None
        if held is None or magic is None:
            return None
        asked = waiting_for(held.id)
        if asked is None or asked.state != ConfirmationState.ASKED:
            return None
        at = asked.asked_at + timedelta(seconds=magic.seconds)
        if magic.does == Does.SAYS_NOTHING or at > call.now:
            return min(at, asked.deadline)
        if magic.does == Does.SAYS_YES:
            authorise(confirmation=asked.uuid, by="test", now=at, actor=call.till.actor)
        else:
            end(asked, ConfirmationState.DECLINED, now=at, actor=call.till.actor)
    with transaction():
        follow_answer(key=call.key, now=at)
    return None


def _magic(call: Call, held: HeldSale) -> Magic | None:
    """Return what the phone does with a sale that waits for it; None where it does nothing."""
    if held.state != "open" or not held.draft.get("waiting"):
        return None
    gross = Draft.from_json(held.draft).basket.gross
    magic = magic_of(mode=call.key.mode, gross=gross)
    return magic if magic and magic.does in {*ANSWERS, Does.SAYS_NOTHING} else None
