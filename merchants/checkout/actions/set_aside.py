"""Set the amount of an online payment aside, for its shop to capture later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from loyalty.actions.settle import settle
from loyalty.promises import offers_of, promise_of
from merchants.checkout.call import Call
from merchants.checkout.events import PaymentAuthorised
from merchants.checkout.gift_cards import parts_of, sale_of
from merchants.checkout.online import CAPTURE_WITHIN, refuse, tell
from merchants.checkout.online_cards import CardPart, amount_of, tenders_of
from merchants.checkout.online_states import PaymentState, require
from merchants.checkout.pricing import Priced, Shopper, draft_of
from merchants.checkout.refusals import NothingToPayFrom
from merchants.models import CaptureMode, OnlinePayment
from okplatform.kernel.db import transaction_required
from okplatform.trade.actions.draft_sale import save_draft
from okplatform.trade.actions.open_sale import open_or_lock
from payments.actions.authorise import authorise
from payments.actions.authorise_paid import authorise_paid
from payments.actions.spend_gift_card import hold_gift_cards
from payments.models import BankPayment


@transaction_required
def win(
    payment: OnlinePayment, target: PaymentState, now: datetime, changes: Mapping[str, Any]
) -> None:
    """End the lease of a confirmation with the move that carries the sale.

    Raises why not when the shop has cancelled meanwhile, or the lease went to another shopper.
    """
    require(PaymentState.AUTHORISING, target)
    won = OnlinePayment.objects.filter(
        pk=payment.pk, state=PaymentState.AUTHORISING, claimed_at=payment.claimed_at
    ).update(state=target, **changes)
    payment.refresh_from_db()
    if not won:
        raise refuse(payment, now)


@transaction_required
def set_aside(
    *,
    call: Call,
    payment: OnlinePayment,
    priced: Priced,
    cards: Sequence[CardPart] = (),
    paid: BankPayment | None = None,
) -> None:
    """Open the sale with its price, and set aside the money and what limited offers give.

    ``priced.shopper`` says who pays from what; ``cards`` pay first, and ``paid`` is what was paid
    for it at the bank already. The sale closes when what was captured is final.
    """
    quote, basket, shopper = priced.loyalty.quote, priced.basket, priced.shopper
    rest = quote.due - amount_of(cards)
    if shopper is None or (rest and shopper.funding_ref is None):
        raise NothingToPayFrom
    held = open_or_lock(
        key=call.key,
        store_id=priced.store.store_id,
        terminal_id=None,
        currency=basket.currency,
        language=basket.language,
        now=call.now,
    )
    promise = promise_of(priced.loyalty)
    held_now = {
        "sale_id": held.id,
        "amount": quote.due,
        "by_cards": quote.due - rest,
        "capture_until": call.now + CAPTURE_WITHIN,
        "promise": promise,
    }
    win(payment, PaymentState.AUTHORISED, call.now, held_now)
    _keep_price(held.id, priced, shopper)
    if cards:
        _hold_cards(held.id, call, priced, cards)
    _hold_money(held.id, call, payment, rest, shopper, paid)
    settle(
        sale_id=held.id,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        settlement=offers_of(promise),
        now=call.now,
        hold=True,
    )
    # What is taken at once, in the same transaction, nobody hears of as promised.
    if payment.capture_mode == CaptureMode.MANUAL:
        _tell(call, payment, quote.due)


@transaction_required
def _tell(call: Call, payment: OnlinePayment, amount: int) -> None:
    tell(
        PaymentAuthorised,
        payment,
        action="online_payment_authorised",
        now=call.now,
        actor=call.till.actor,
        data={"amount": amount},
    )


@transaction_required
def _hold_cards(sale_id: int, call: Call, priced: Priced, cards: Sequence[CardPart]) -> None:
    hold_gift_cards(
        sale=sale_of(call, sale_id, priced),
        parts=parts_of(tenders_of(cards, 0)),
        now=call.now,
        actor=call.till.actor,
    )


@transaction_required
def _hold_money(
    sale_id: int,
    call: Call,
    payment: OnlinePayment,
    amount: int,
    shopper: Shopper,
    paid: BankPayment | None,
) -> None:
    if paid is not None:
        authorise_paid(
            sale_id=sale_id,
            merchant_id=payment.merchant_id,
            bank_payment=paid,
            now=call.now,
            actor=call.till.actor,
        )
    elif amount and shopper.funding_ref is not None:
        authorise(
            sale_id=sale_id,
            merchant_id=payment.merchant_id,
            mode=payment.mode,
            funding_ref=shopper.funding_ref,
            amount=amount,
            currency=payment.currency,
            now=call.now,
            actor=call.till.actor,
        )


@transaction_required
def _keep_price(sale_id: int, priced: Priced, shopper: Shopper) -> None:
    """Keep on the open sale what was confirmed; its points come when it closes."""
    quote, basket = priced.loyalty.quote, priced.basket
    save_draft(
        sale_id=sale_id,
        revision=basket.revision,
        basket_hash=basket.fingerprint,
        draft=draft_of(priced).as_json(),
        store_id=priced.store.store_id,
        terminal_id=None,
        person_id=shopper.person_id,
        gross=quote.gross,
        discount=quote.discount,
        points_earned=0,
        operator=basket.operator,
        language=basket.language,
        reference=basket.reference,
    )
