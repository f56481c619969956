"""The heart of a refund: in one transaction it is written, and money, points and offers go back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from loyalty.actions.reverse import reverse
from loyalty.queries.stamps import stamps_used
from merchants.returns.asking import RefundAsked
from merchants.returns.facts import RefundFacts
from merchants.returns.queries import find_refund, paid_by, reference_of, unpaid
from merchants.returns.refusals import SaleToRefundUnknown
from merchants.returns.working_out import GIFT_CARD, OK, work_out
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.idempotency import Claim, Decision
from okplatform.parties.actions.count_refund import count_refund
from okplatform.parties.tills import RefundLimits, StoreAtTill
from okplatform.trade.actions.open_sale import HeldSale, lock
from okplatform.trade.actions.record_return import ReturnExists, record_return
from okplatform.trade.facts import ReturnFacts, ReturnTenderFacts, SaleKey
from okplatform.trade.queries import lines_standing
from payments.actions.refund import refund
from payments.actions.refund_gift_card import refund_gift_cards


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCall:
    """Who gives back of which sale, in which store, and when; ``limits`` is how much they may."""

    key: SaleKey
    place: StoreAtTill
    actor: Actor
    now: datetime
    limits: RefundLimits | None = None


def refund_sale(*, call: RefundCall, asked: RefundAsked, claim: Claim | None = None) -> RefundFacts:
    """Give back what is asked of a paid sale; ``claim`` keeps the decision under its key.

    Asked again under the same UUID it returns the first one's answer. Needs the merchant's scope.
    Raises ``SaleToRefundUnknown``, ``SaleNotPaid``, ``SaleNotCaptured``, ``ReturnExists``, what
    ``work_out`` refuses, ``RefundLimitReached`` and ``RefundNotCovered``; then nothing was given
    back.
    """
    request_hash = asked.fingerprint(sale=call.key.uuid, store_id=call.place.store_id)
    with transaction():
        # Held first: of many refunds of one sale the others wait here, and see what is left.
        held = lock(key=call.key)
        if held is None:
            raise SaleToRefundUnknown
        if held.state != "closed":
            raise unpaid(held.id)
        earlier = find_refund(mode=call.key.mode, uuid=asked.uuid)
        if earlier is None:
            _give_back(call, held, asked, request_hash)
        elif earlier.request_hash != request_hash:
            raise ReturnExists
        if claim is not None:
            claim.settle(Decision(HTTPStatus.CREATED, {"refund": str(asked.uuid)}))
    given = find_refund(mode=call.key.mode, uuid=asked.uuid)
    if given is None:
        message = f"Refund {asked.uuid} was written and cannot be found."
        raise RuntimeError(message)
    return given


@transaction_required
def _give_back(call: RefundCall, held: HeldSale, asked: RefundAsked, request_hash: bytes) -> None:
    """Write the return, then the points, then the money: its lock on the merchant is the last."""
    lines = lines_standing(held.id)
    stamped = stamps_used(held.id, lines)
    back, ways = work_out(asked, lines, paid_by(held.id), stamped)
    facts = ReturnFacts(
        uuid=asked.uuid,
        store_id=call.place.store_id,
        terminal_id=call.place.terminal_id,
        operator=asked.operator,
        reason=asked.reason,
        language=asked.language,
        currency=call.place.currency,
        request_hash=request_hash,
        lines=back,
        tenders=ways,
    )
    _count(call, held, sum(way.amount for way in ways))
    return_id = record_return(
        key=call.key,
        sale_id=held.id,
        person_id=held.person_id,
        back=facts,
        actor=call.actor,
        now=call.now,
    )
    reverse(
        return_id=return_id,
        sale_id=held.id,
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        lines=lines,
        back=back,
        now=call.now,
    )
    _give_money(call, held.id, return_id, ways)


@transaction_required
def _count(call: RefundCall, held: HeldSale, amount: int) -> None:
    """Count it where the key has a limit, by the sale's reference as its merchant knows it."""
    if call.limits is not None:
        count_refund(
            merchant_id=call.key.merchant_id,
            limits=call.limits,
            reference=reference_of(held.id) or str(call.key.uuid),
            amount=amount,
            timezone=call.place.timezone,
            now=call.now,
        )


@transaction_required
def _give_money(
    call: RefundCall, sale_id: int, return_id: int, ways: Sequence[ReturnTenderFacts]
) -> None:
    """Put back on gift cards what they had paid; what OK had paid goes last."""
    on_cards = sum(way.amount for way in ways if way.kind == GIFT_CARD)
    by_ok = sum(way.amount for way in ways if way.kind == OK)
    if on_cards:
        refund_gift_cards(
            return_id=return_id,
            sale_id=sale_id,
            merchant_id=call.key.merchant_id,
            mode=call.key.mode,
            store_id=call.place.store_id,
            amount=on_cards,
            now=call.now,
            actor=call.actor,
        )
    if by_ok:
        refund(
            return_id=return_id,
            sale_id=sale_id,
            merchant_id=call.key.merchant_id,
            mode=call.key.mode,
            store_id=call.place.store_id,
            amount=by_ok,
            now=call.now,
            actor=call.actor,
        )
