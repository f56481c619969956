"""The heart of a sale: in one transaction it is closed, paid, settled, and told of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from loyalty.actions.settle import settle
from merchants.checkout.actions.disclose import disclose
from merchants.checkout.basket import TendersDoNotAddUpError, divide
from merchants.checkout.call import Asked, Call
from merchants.checkout.gift_cards import by_card, parts_of, sale_of
from merchants.checkout.pricing import Priced, Shopper, closing_of, with_tip
from merchants.checkout.refusals import (
    AgeNotChecked,
    AmountChanged,
    CheckerUnknown,
    CodeMissing,
    NothingToPayFrom,
    TendersDoNotAddUp,
    TipAboveDue,
)
from merchants.checkout.rehearsing import refuse_by_magic
from merchants.magic import TEST
from okplatform.kernel import audit
from okplatform.kernel.db import transaction_required
from okplatform.kernel.later import Later
from okplatform.trade.facts import Closing, TenderFacts
from payments.actions.capture import capture
from payments.actions.spend_gift_card import spend_gift_cards
from wallet.actions.bind_code import bind

OK = "ok"
# The last of an offer may go to another till, and the same member may buy elsewhere, between our
# quote and our settlement; each time the price is asked anew.
MOST_TRIES = 5

Write = Callable[..., None]
"""Trade's way to close a sale: ``record_closed`` or ``close_sale``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A sale that was just paid; ``balance`` are the member's points after it."""

    priced: Priced
    tenders: Sequence[TenderFacts]
    balance: int | None


def ready(*, asked: Asked, priced: Priced) -> tuple[Priced, list[TenderFacts]]:
    """Return a price as it is to be paid, its tip with it, and the tenders that pay it.

    Raises ``AmountChanged``, ``AgeNotChecked``, ``CheckerUnknown``, ``TipAboveDue``,
    ``TendersDoNotAddUp``, ``CodeMissing`` or ``NothingToPayFrom``.
    """
    due = priced.due
    if asked.amount_due not in {None, due}:
        raise AmountChanged(due=due)
    checked_by = _checked_by(asked, priced)
    if asked.tip > due:
        raise TipAboveDue(due=due)
    tipped = replace(with_tip(priced, asked.tip), checked_by=checked_by)
    return tipped, _share_out(asked, due=tipped.due, shopper=priced.shopper)


def _checked_by(asked: Asked, priced: Priced) -> str:
    """Return who has looked how old the customer is; nobody, where nothing asks that."""
    minimum_age = priced.basket.minimum_age
    if not minimum_age:
        return ""
    if not asked.age_checked:
        raise AgeNotChecked(minimum_age=minimum_age)
    checked_by = asked.operator or priced.basket.operator
    if not checked_by:
        raise CheckerUnknown
    return checked_by


def _share_out(asked: Asked, *, due: int, shopper: Shopper | None) -> list[TenderFacts]:
    """Return the tenders that pay ``due``."""
    try:
        tenders = divide(due, asked.tenders)
    except TendersDoNotAddUpError as error:
        raise TendersDoNotAddUp(due=due) from error
    if any(tender.kind == OK for tender in tenders):
        if shopper is None:
            raise CodeMissing
        if shopper.funding_ref is None:
            raise NothingToPayFrom
    return by_card(tenders, asked.tenders)


@transaction_required
def close(
    *,
    call: Call,
    sale_id: int,
    priced: Priced,
    tenders: Sequence[TenderFacts],
    write: Write,
    confirmed: bool = False,
) -> Later[int | None]:
    """Write the sale, use the code up, take the payment, settle points and offers.

    ``confirmed``: the shopper has just said yes to it on the phone. Without that the end of the
    transaction may raise ``ConfirmationNeededError``: then ``wait_for_yes``.

    All of it is said for later and travels in one statement, whose refusals the end of the
    transaction raises; the value will be the member's points. The order matters: the sale's row
    comes first, so that of many with one UUID the others wait there; offers come last, so that a
    budget's row is held for the shortest time.
    """
    closing, shopper = closing_of(priced, tenders), priced.shopper
    write(sale_id=sale_id, key=call.key, closing=closing, actor=call.till.actor, now=call.now)
    if priced.checked_by:
        _keep_who_looked(call, sale_id, priced)
    if shopper is not None:
        if shopper.handle is not None:
            bind(handle=shopper.handle, sale_ref=call.sale_ref, now=call.now)
        disclose(call=call, shopper=shopper, place=priced.place)
        _capture(call, sale_id, priced, closing, confirmed=confirmed)
    if parts := parts_of(tenders):
        sale = sale_of(call, sale_id, priced)
        spend_gift_cards(sale=sale, parts=parts, now=call.now, actor=call.till.actor)
    return settle(
        sale_id=sale_id,
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        settlement=priced.loyalty.settlement(),
        now=call.now,
    )


def _keep_who_looked(call: Call, sale_id: int, priced: Priced) -> None:
    audit.record(
        actor=call.till.actor,
        action="age_checked",
        object_type="sale",
        object_id=sale_id,
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        data={"minimum_age": priced.basket.minimum_age, "operator": priced.checked_by},
    )


def _capture(
    call: Call, sale_id: int, priced: Priced, closing: Closing, *, confirmed: bool
) -> None:
    amount, shopper = closing.tenders_by_kind.get(OK, 0), priced.shopper
    if not amount or shopper is None or shopper.funding_ref is None:
        return
    if call.key.mode == TEST:
        refuse_by_magic(priced.basket.gross, mode=call.key.mode, confirmed=confirmed)
    capture(
        sale_id=sale_id,
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        funding_ref=shopper.funding_ref,
        amount=amount,
        currency=closing.currency,
        now=call.now,
        actor=call.till.actor,
        confirmed=confirmed,
    )
