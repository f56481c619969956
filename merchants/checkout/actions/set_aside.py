"""Set the amount of an online payment aside, for its shop to capture later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from loyalty.actions.settle import settle
from loyalty.promises import offers_of, promise_of
from merchants.checkout.call import Call
from merchants.checkout.events import PaymentAuthorised
from merchants.checkout.online import CAPTURE_WITHIN, refuse, tell
from merchants.checkout.online_states import PaymentState, require
from merchants.checkout.pricing import Priced, Shopper, draft_of
from merchants.checkout.refusals import NothingToPayFrom
from merchants.models import CaptureMode, OnlinePayment
from okplatform.kernel.db import transaction_required
from okplatform.trade.actions.draft_sale import save_draft
from okplatform.trade.actions.open_sale import open_or_lock
from payments.actions.authorise import authorise
from payments.actions.authorise_paid import authorise_paid
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
    *, call: Call, payment: OnlinePayment, priced: Priced, paid: BankPayment | None = None
) -> None:
    """Open the sale with its price, and set aside the money and what limited offers give.

    ``priced.shopper`` says who pays from what; ``paid`` is what they have paid for it at the bank
    already. The sale closes when what was captured is final.
    """
    quote, basket, shopper = priced.loyalty.quote, priced.basket, priced.shopper
    if shopper is None or shopper.funding_ref is None:
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
        "capture_until": call.now + CAPTURE_WITHIN,
        "promise": promise,
    }
    win(payment, PaymentState.AUTHORISED, call.now, held_now)
    _keep_price(held.id, priced, shopper)
    _hold_money(held.id, call, payment, priced, shopper, paid)
    settle(
        sale_id=held.id,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        settlement=offers_of(promise),
        now=call.now,
    )
    # What is taken at once, in the same transaction, nobody hears of as promised.
    if payment.capture_mode == CaptureMode.MANUAL:
        tell(
            PaymentAuthorised,
            payment,
            action="online_payment_authorised",
            now=call.now,
            actor=call.till.actor,
            data={"amount": quote.due},
        )


@transaction_required
def _hold_money(
    sale_id: int,
    call: Call,
    payment: OnlinePayment,
    priced: Priced,
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
    elif shopper.funding_ref is not None:
        authorise(
            sale_id=sale_id,
            merchant_id=payment.merchant_id,
            mode=payment.mode,
            funding_ref=shopper.funding_ref,
            amount=priced.loyalty.quote.due,
            currency=priced.basket.currency,
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
