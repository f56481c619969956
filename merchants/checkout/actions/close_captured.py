"""Close the sale of an authorised payment, for what was captured of it in the end."""

from dataclasses import replace

from loyalty.actions.settle import settle
from loyalty.promises import settlement_of
from merchants.checkout.actions.close import OK
from merchants.checkout.call import Call
from merchants.checkout.facts import Draft
from merchants.checkout.refusals import SaleUnknown
from merchants.checkout.short_captures import captured_lines
from merchants.models import OnlinePayment
from okplatform.kernel.db import transaction_required
from okplatform.parties.tills import StoreAtTill
from okplatform.trade.actions.close_sale import close_sale
from okplatform.trade.actions.open_sale import lock
from okplatform.trade.facts import Closing, TenderFacts
from payments.actions.end_authorisation import end_authorisation


@transaction_required
def close_captured(*, call: Call, payment: OnlinePayment) -> None:
    """Close the sale at ``payment.captured``, and let its points and its payment come true.

    What was confirmed and not captured comes off its lines. The end of the transaction may raise
    ``PointsMoved``: then ask again.
    """
    held = lock(key=call.key)
    if held is None or payment.person_id is None:
        raise SaleUnknown
    settlement = settlement_of(
        payment.promise,
        captured=payment.captured,
        merchant_id=payment.merchant_id,
        person_id=payment.person_id,
        mode=payment.mode,
    )
    closing = _closing(call, payment, Draft.from_json(held.draft), settlement.points)
    close_sale(sale_id=held.id, key=call.key, closing=closing, actor=call.till.actor, now=call.now)
    end_authorisation(
        sale_id=held.id,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        now=call.now,
        actor=call.till.actor,
    )
    settle(
        sale_id=held.id,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        settlement=settlement,
        now=call.now,
    )


def _closing(call: Call, payment: OnlinePayment, draft: Draft, points: int) -> Closing:
    basket, place = draft.basket, _place(call)
    return Closing(
        store_id=place.store_id,
        channel=place.channel,
        terminal_id=None,
        person_id=payment.person_id,
        revision=basket.revision,
        currency=basket.currency,
        points_earned=points,
        basket_hash=basket.fingerprint,
        operator=basket.operator,
        language=basket.language,
        reference=basket.reference,
        lines=captured_lines(draft.lines, captured=payment.captured, points=points),
        tenders=[TenderFacts(number=1, kind=OK, amount=payment.captured)],
    )


def _place(call: Call) -> StoreAtTill:
    if call.till.place is None:
        raise SaleUnknown
    return replace(call.till.place, terminal_id=None)
