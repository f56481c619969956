"""Close the sale of an authorised payment, for what was captured of it in the end."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from loyalty.actions.settle import settle
from loyalty.promises import settlement_of
from merchants.checkout.call import Call
from merchants.checkout.facts import Draft
from merchants.checkout.gift_cards import parts_of
from merchants.checkout.online_cards import sale_of_payment, tenders_of_captured
from merchants.checkout.refusals import SaleUnknown
from merchants.checkout.short_captures import captured_lines
from merchants.models import OnlinePayment
from okplatform.kernel.db import transaction_required
from okplatform.parties.tills import StoreAtTill
from okplatform.trade.actions.close_sale import close_sale
from okplatform.trade.actions.open_sale import lock
from okplatform.trade.facts import Closing
from payments.actions.end_authorisation import end_authorisation
from payments.actions.spend_gift_card import release_gift_cards, spend_gift_cards


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
    closing = _closing(call, payment, held.id, Draft.from_json(held.draft), settlement.points)
    close_sale(sale_id=held.id, key=call.key, closing=closing, actor=call.till.actor, now=call.now)
    if payment.by_cards:
        _spend_cards(call, payment, held.id, closing)
    if payment.amount != payment.by_cards:
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


def _closing(
    call: Call, payment: OnlinePayment, sale_id: int, draft: Draft, points: int
) -> Closing:
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
        tenders=tenders_of_captured(payment, sale_id),
    )


@transaction_required
def _spend_cards(call: Call, payment: OnlinePayment, sale_id: int, closing: Closing) -> None:
    """Spend what is set aside of cards for what was captured, and let go of the rest."""
    today = call.now.astimezone(ZoneInfo(_place(call).timezone)).date()
    sale = sale_of_payment(payment, sale_id, today)
    parts = parts_of(closing.tenders)
    spend_gift_cards(sale=sale, parts=parts, now=call.now, actor=call.till.actor)
    release_gift_cards(sale_id=sale_id, now=call.now)


def _place(call: Call) -> StoreAtTill:
    if call.till.place is None:
        raise SaleUnknown
    return replace(call.till.place, terminal_id=None)
