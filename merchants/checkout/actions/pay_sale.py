"""Pay the sale that was quoted: as it was shown, or not at all."""

from http import HTTPStatus

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.close import MOST_TRIES, Paid, close, ready
from merchants.checkout.actions.held import check_open, same_tenders, stop_waiting
from merchants.checkout.actions.quote_sale import keep
from merchants.checkout.actions.wait_for_yes import wait_for_yes
from merchants.checkout.call import Asked, Call
from merchants.checkout.facts import SaleFacts, heard_before
from merchants.checkout.gift_cards import with_cards_found
from merchants.checkout.lines import tip_in
from merchants.checkout.pricing import Priced, price, remembered_shopper
from merchants.checkout.queries import FoundDraft, find_draft, find_sale
from merchants.checkout.refusals import (
    AmountChanged,
    RevisionStale,
    SaleCancelled,
    SaleClosed,
    SaleUnknown,
)
from okplatform.kernel.db import transaction
from okplatform.kernel.idempotency import Claim, Decision
from okplatform.trade.actions.close_sale import close_sale
from okplatform.trade.actions.open_sale import HeldSale, lock
from okplatform.trade.facts import TenderFacts
from payments.actions.capture import ConfirmationNeededError


def pay_sale(*, call: Call, revision: int, asked: Asked, claim: Claim | None) -> Paid | SaleFacts:
    """Take the payment of the quoted revision; ``claim`` keeps the decision under its key.

    Asked again, it returns the stored sale; so it does when the sale now waits for the shopper's
    yes on the phone. When the price has moved since the quote, nothing is
    paid: the sale keeps the new price and ``AmountChanged`` names it. Raises ``SaleUnknown``,
    ``RevisionStale``, ``SaleClosed``, ``SaleCancelled``, and what ``ready`` refuses.
    """
    asked = with_cards_found(call=call, asked=asked, terminal=None)
    tries = MOST_TRIES
    while True:
        tries -= 1
        found = find_draft(call.key)
        if found is None:
            return _ended(call, revision, asked)
        if found.revision != revision:
            raise RevisionStale(revision=found.revision)
        try:
            return _attempt(call, found, asked, claim)
        except SaleClosed:
            return _ended(call, revision, asked)
        except QuoteOutdated:
            if not tries:
                raise


def _attempt(call: Call, found: FoundDraft, asked: Asked, claim: Claim | None) -> Paid | SaleFacts:
    shopper = remembered_shopper(found.person_id, found.draft, call)
    heard = heard_before(found.draft)
    priced = price(call=call, basket=found.draft.basket, shopper=shopper, heard=heard)
    if priced.due != found.due - tip_in(found.draft.lines):
        _keep_new_price(call, found, priced)
        raise AmountChanged(due=priced.due)
    priced, tenders = ready(asked=asked, priced=priced)
    try:
        return _pay(call, found, priced, tenders, claim)
    except ConfirmationNeededError:
        return wait_for_yes(call=call, priced=priced, tenders=tenders, asked=asked, claim=claim)


def _pay(
    call: Call,
    found: FoundDraft,
    priced: Priced,
    tenders: list[TenderFacts],
    claim: Claim | None,
) -> Paid:
    with transaction():
        held = _held(call, found)
        stop_waiting(call, held)
        balance = close(
            call=call, sale_id=held.id, priced=priced, tenders=tenders, write=close_sale
        )
        if claim is not None:
            claim.settle(Decision(HTTPStatus.OK, {"uuid": str(call.key.uuid)}))
    return Paid(priced=priced, tenders=tenders, balance=balance.value)


def _held(call: Call, found: FoundDraft) -> HeldSale:
    """Lock the sale; raise if it has ended or moved on since it was read."""
    held = lock(key=call.key)
    if held is None:
        raise SaleUnknown
    check_open(held)
    if held.revision != found.revision:
        raise RevisionStale(revision=held.revision)
    return held


def _keep_new_price(call: Call, found: FoundDraft, priced: Priced) -> None:
    with transaction():
        keep(sale_id=_held(call, found).id, priced=priced)


def _ended(call: Call, revision: int, asked: Asked) -> SaleFacts:
    """Repeat the answer of a sale that was paid this way; refuse anything else."""
    stored = find_sale(call.key)
    if stored is None or stored.state == "open":
        raise SaleUnknown
    if stored.state == "cancelled":
        raise SaleCancelled
    if stored.revision != revision or not same_tenders(stored, asked):
        raise SaleClosed
    return stored
