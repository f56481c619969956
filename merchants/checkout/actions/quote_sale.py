"""Say what a basket costs this shopper now, and hold it until it is paid."""

from merchants.checkout.actions.disclose import disclose
from merchants.checkout.actions.held import check_open, check_revision, paid_before
from merchants.checkout.basket import Basket
from merchants.checkout.call import Call
from merchants.checkout.facts import SaleFacts, Waiting
from merchants.checkout.pricing import Priced, draft_of, look, price
from merchants.checkout.queries import find_sale
from merchants.checkout.refusals import SaleUnknown
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.trade.actions.draft_sale import save_draft
from okplatform.trade.actions.open_sale import HeldSale, open_or_lock
from payments.actions.end_confirmation import withdraw_confirmation
from wallet.actions.bind_code import bind


class _WaitingForYesError(Exception):
    """This very basket waits for its shopper's yes: a repeated quote must not disturb that."""


def quote_sale(*, call: Call, basket: Basket) -> Priced | SaleFacts:
    """Price a revision of a basket and hold it; the scanned handle now belongs to this sale.

    Returns the stored sale instead when this very basket was paid already. Raises the refusals of
    the code, the store, the revision, and of a sale that has ended.
    """
    try:
        seen = look(call=call, basket=basket)
        shopper = seen.shopper
        priced = price(
            call=call, basket=basket, shopper=shopper, snapshot=seen.snapshot, may_ask=True
        )
        with transaction():
            held = hold(call, priced)
            if held.draft.get("waiting"):
                _another_basket(call, held, basket)
            keep(sale_id=held.id, priced=priced)
            if shopper is not None and shopper.handle is not None:
                bind(handle=shopper.handle, sale_ref=call.sale_ref, now=call.now)
                disclose(call=call, shopper=shopper, place=priced.place)
    except _WaitingForYesError:
        return _as_it_waits(call)
    except Refusal:
        if (stored := paid_before(call=call, basket=basket, asked=None)) is not None:
            return stored
        raise
    return priced


@transaction_required
def hold(call: Call, priced: Priced) -> HeldSale:
    """Open the sale, or take hold of it for this basket; raises what ``held`` refuses."""
    basket, store = priced.basket, priced.store
    held = open_or_lock(
        key=call.key,
        store_id=store.store_id,
        terminal_id=store.terminal_id,
        currency=basket.currency,
        language=basket.language,
        now=call.now,
    )
    check_open(held)
    check_revision(held, basket)
    return held


def _as_it_waits(call: Call) -> SaleFacts:
    stored = find_sale(call.key)
    if stored is None:
        raise SaleUnknown
    return stored


def _another_basket(call: Call, held: HeldSale, basket: Basket) -> None:
    """Take back what the phone is asked about the basket before."""
    if basket.revision == held.revision:
        raise _WaitingForYesError
    withdraw_confirmation(sale_id=held.id, now=call.now, actor=call.till.actor)


@transaction_required
def keep(*, sale_id: int, priced: Priced, waiting: Waiting | None = None) -> None:
    """Keep a price on the open sale that this transaction holds."""
    basket = priced.basket
    save_draft(
        sale_id=sale_id,
        revision=basket.revision,
        basket_hash=basket.fingerprint,
        draft=draft_of(priced, waiting).as_json(),
        store_id=priced.store.store_id,
        terminal_id=priced.store.terminal_id,
        person_id=priced.shopper.person_id if priced.shopper else None,
        gross=priced.gross,
        discount=priced.discount,
        points_earned=priced.loyalty.quote.points,
        operator=basket.operator,
        language=basket.language,
        reference=basket.reference,
    )
