"""Quote and pay in one call: the whole sale in one request and one transaction."""

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.close import MOST_TRIES, Paid, close, ready
from merchants.checkout.actions.held import (
    check_open,
    check_revision,
    paid_before,
    stop_waiting,
)
from merchants.checkout.actions.wait_for_yes import wait_for_yes
from merchants.checkout.basket import Basket
from merchants.checkout.call import Asked, Call
from merchants.checkout.facts import SaleFacts
from merchants.checkout.gift_cards import with_cards_found
from merchants.checkout.pricing import Priced, look, price
from merchants.checkout.refusals import SaleUnknown
from okplatform.kernel.db import one_statement, transaction
from okplatform.kernel.errors import Refusal
from okplatform.trade.actions.close_sale import close_sale, record_closed
from okplatform.trade.actions.open_sale import lock
from okplatform.trade.actions.refusals import SaleExists
from okplatform.trade.facts import TenderFacts
from payments.actions.capture import ConfirmationNeededError


def ring_up(*, call: Call, basket: Basket, asked: Asked) -> Paid | SaleFacts:
    """Price a basket and take its payment; nothing is kept unless it is paid.

    Returns the stored sale instead when this very sale was paid already, or when it now waits for
    the shopper's yes on the phone. Raises every refusal of
    ``quote_sale`` and ``pay_sale``.
    """
    asked = with_cards_found(call=call, asked=asked, terminal=basket.terminal)
    try:
        return _until_current(call, basket, asked)
    except Refusal:
        if (stored := paid_before(call=call, basket=basket, asked=asked)) is not None:
            return stored
        raise


def _until_current(call: Call, basket: Basket, asked: Asked) -> Paid | SaleFacts:
    seen = look(call=call, basket=basket)
    priced = price(
        call=call, basket=basket, shopper=seen.shopper, snapshot=seen.snapshot, may_ask=True
    )
    tries = MOST_TRIES
    while True:
        tries -= 1
        try:
            return _attempt(call, seen.sale_id, priced, asked)
        except QuoteOutdated:
            if not tries:
                raise
            heard = priced.loyalty.heard
            priced = price(call=call, basket=basket, shopper=seen.shopper, heard=heard)


def _attempt(call: Call, sale_id: int, priced: Priced, asked: Asked) -> Paid | SaleFacts:
    priced, tenders = ready(asked=asked, priced=priced)
    try:
        return _close(call, sale_id, priced, tenders)
    except ConfirmationNeededError:
        return wait_for_yes(call=call, priced=priced, tenders=tenders, asked=asked)


def _close(call: Call, sale_id: int, priced: Priced, tenders: list[TenderFacts]) -> Paid:
    try:
        with one_statement():
            balance = close(
                call=call, sale_id=sale_id, priced=priced, tenders=tenders, write=record_closed
            )
    except SaleExists:
        return _close_known(call, priced, tenders)
    return Paid(priced=priced, tenders=tenders, balance=balance.value)


def _close_known(call: Call, priced: Priced, tenders: list[TenderFacts]) -> Paid:
    """Go on with a sale that a till had quoted before."""
    with transaction():
        held = lock(key=call.key)
        if held is None:
            raise SaleUnknown
        check_open(held)
        check_revision(held, priced.basket)
        stop_waiting(call, held)
        balance = close(
            call=call, sale_id=held.id, priced=priced, tenders=tenders, write=close_sale
        )
    return Paid(priced=priced, tenders=tenders, balance=balance.value)
