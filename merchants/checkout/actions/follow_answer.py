"""Bring a sale that waits to where its shopper's answer leads: paid, or not."""

from datetime import datetime, timedelta

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.close import MOST_TRIES, close, ready
from merchants.checkout.call import Call
from merchants.checkout.facts import Draft, Waiting, heard_before
from merchants.checkout.pricing import price, remembered_shopper
from okplatform.kernel.db import savepoint, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.trade.actions.cancel_sale import cancel
from okplatform.trade.actions.close_sale import close_sale
from okplatform.trade.actions.open_sale import HeldSale, lock
from okplatform.trade.facts import SaleKey
from payments.actions.confirm_payment import ConfirmationOver
from payments.actions.end_confirmation import end, hold_latest
from payments.models import Confirmation
from payments.states import ConfirmationState

# A yes in the last second may still be acted on; after this nobody stands at the till any more.
ACTED_ON_WITHIN = timedelta(seconds=30)

NO = (ConfirmationState.DECLINED, ConfirmationState.EXPIRED)


@transaction_required
def follow_answer(*, key: SaleKey, now: datetime) -> bool:
    """Close a waiting sale after a yes, cancel it after a no or the deadline; say if it ended.

    Each of the many who may call this (the event's handler, a till that asks) waits for the sale's
    row; the first one acts, the others find nothing to do. After a yes the sale is paid as it was
    shown or, with a refusal on the confirmation, not at all. Needs the merchant's scope open.
    """
    held = lock(key=key)
    if held is None or held.state != "open" or not held.draft.get("waiting"):
        return False
    asked = hold_latest(held.id)
    if asked is None:
        return False
    draft = Draft.from_json(held.draft)
    if draft.waiting is None:
        return False
    call = Call(till=draft.waiting.till, key=key, now=now)
    if asked.state == ConfirmationState.AUTHORISED:
        _after_yes(call, held, draft, draft.waiting, asked)
        return True
    if asked.state == ConfirmationState.ASKED and asked.deadline <= now:
        end(asked, ConfirmationState.EXPIRED, now=now, actor=call.till.actor)
    if asked.state in NO:
        _cancel(call, held)
        return True
    return False


def _after_yes(
    call: Call, held: HeldSale, draft: Draft, waiting: Waiting, asked: Confirmation
) -> None:
    try:
        if call.now > asked.deadline + ACTED_ON_WITHIN:
            raise ConfirmationOver
        _close(call, held, draft, waiting)
    except Refusal as refusal:
        state, code = ConfirmationState.REFUSED, refusal.code
        end(asked, state, now=call.now, actor=call.till.actor, refusal=code)
        _cancel(call, held)
    else:
        end(asked, ConfirmationState.CAPTURED, now=call.now, actor=call.till.actor)


def _close(call: Call, held: HeldSale, draft: Draft, waiting: Waiting) -> None:
    """Close the sale at the price that was shown; raises ``AmountChanged`` if that has moved."""
    shopper = remembered_shopper(held.person_id, draft, call)
    asked = waiting.asked(due=held.due)
    tries = MOST_TRIES
    while True:
        tries -= 1
        heard = heard_before(draft)
        priced = price(call=call, basket=draft.basket, shopper=shopper, heard=heard)
        priced, tenders = ready(asked=asked, priced=priced)
        try:
            with savepoint():
                close(
                    call=call,
                    sale_id=held.id,
                    priced=priced,
                    tenders=tenders,
                    write=close_sale,
                    confirmed=True,
                )
        except QuoteOutdated:
            if not tries:
                raise
        else:
            return


def _cancel(call: Call, held: HeldSale) -> None:
    cancel(
        key=call.key,
        store_id=held.store_id,
        currency=call.till.currency,
        language=call.till.language,
        actor=call.till.actor,
        now=call.now,
    )
