"""Let a sale wait for its shopper's yes on the phone."""

from collections.abc import Sequence
from http import HTTPStatus

from merchants.checkout.actions.close import OK
from merchants.checkout.actions.follow_answer import follow_answer
from merchants.checkout.actions.quote_sale import hold, keep
from merchants.checkout.call import Asked, Call
from merchants.checkout.facts import SaleFacts, Waiting
from merchants.checkout.gift_cards import parts_of, sale_of
from merchants.checkout.pricing import Priced
from merchants.checkout.queries import find_sale
from merchants.checkout.refusals import NothingToPayFrom, SaleUnknown
from merchants.checkout.rehearsing import patience_by_magic
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.idempotency import Claim, Decision
from okplatform.trade.facts import TenderFacts
from payments.actions.ask_confirmation import ask_confirmation
from payments.actions.spend_gift_card import hold_gift_cards
from wallet.actions.bind_code import bind


def wait_for_yes(
    *,
    call: Call,
    priced: Priced,
    tenders: Sequence[TenderFacts],
    asked: Asked,
    claim: Claim | None = None,
) -> SaleFacts:
    """Keep the sale as it is to be paid, ask its shopper, and return it, open still.

    Said again, it is the same question with the same deadline; after a no or the deadline the sale
    has ended, and is returned so: what failed stays failed. Raises what ``held`` refuses.
    """
    with transaction():
        if not follow_answer(key=call.key, now=call.now):
            _ask(call, priced, tenders, asked)
        if claim is not None:
            claim.settle(Decision(HTTPStatus.OK, {"uuid": str(call.key.uuid)}))
    found = find_sale(call.key)
    if found is None:
        raise SaleUnknown
    return found


@transaction_required
def _ask(call: Call, priced: Priced, tenders: Sequence[TenderFacts], asked: Asked) -> None:
    shopper = priced.shopper
    if shopper is None or shopper.funding_ref is None or shopper.handle is None:
        raise NothingToPayFrom
    held = hold(call, priced)
    # At the price that is shown now: should it move until the yes, nothing is paid.
    waiting = Waiting(
        tenders=asked.tenders,
        till=call.till,
        tip=asked.tip,
        age_checked=asked.age_checked,
        operator=asked.operator,
    )
    keep(sale_id=held.id, priced=priced, waiting=waiting)
    bind(handle=shopper.handle, sale_ref=call.sale_ref, now=call.now)
    if parts := parts_of(tenders):
        sale = sale_of(call, held.id, priced)
        hold_gift_cards(sale=sale, parts=parts, now=call.now, actor=call.till.actor)
    ask_confirmation(
        sale_id=held.id,
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        person_id=shopper.person_id,
        funding_ref=shopper.funding_ref,
        amount=sum(tender.amount for tender in tenders if tender.kind == OK),
        currency=priced.basket.currency,
        now=call.now,
        actor=call.till.actor,
        tip=asked.tip,
        minimum_age=priced.basket.minimum_age,
        patience=patience_by_magic(priced.basket.gross, mode=call.key.mode),
    )
