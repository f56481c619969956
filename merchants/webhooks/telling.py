"""From an event inside OK to what a merchant is told of it.

Thin, and never about a person: ids that the API knows, states and amounts in minor units; but for a
chain's own loyalty system, which hears by a pseudonym whose sale it was. Whoever needs more asks
the API, where consent is looked at anew. Each function takes a batch of one kind of event and
returns the data of each, with at most one query for all.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from loyalty.events import MemberSaleClosed, MemberSaleEvent, MemberSaleRefunded
from loyalty.queries.connectors import ConnectedFacts, connected_sales
from merchants.checkout.events import PaymentEvent
from okplatform.kernel.events import Event
from okplatform.trade.events import SaleCancelled, SaleClosed, SaleRefunded
from okplatform.trade.models import Return, Sale
from payments.chart import EUR
from payments.events.fees import InvoiceIssued
from payments.events.refunds import RefundEvent
from payments.events.settlement import PayoutEvent
from payments.models import Payout, Refund
from payments.states import PayoutState

Data = dict[str, Any]
Teller = Callable[[Sequence[Any]], list[Data]]


def as_published(*names: str) -> Teller:
    """Return a teller that passes on these fields of the event; they must be safe to tell."""

    def tell(events: Sequence[Event]) -> list[Data]:
        return [{name: getattr(event, name) for name in names} for event in events]

    return tell


def closed_sales(events: Sequence[SaleClosed]) -> list[Data]:
    """Tell of sales that were paid, with whatever."""
    known = _sales([event.sale_id for event in events])
    return [
        {
            "sale": event.uuid,
            **known[event.sale_id],
            "channel": event.channel,
            "state": "closed",
            "currency": event.currency,
            "gross": event.gross,
            "discount": event.discount,
            "due": event.due,
            "tenders": dict(event.tenders),
            "closed_at": event.closed_at,
        }
        for event in events
    ]


def cancelled_sales(events: Sequence[SaleCancelled]) -> list[Data]:
    """Tell of sales that were given up; a store is there only if the till had named one."""
    known = _sales([event.sale_id for event in events])
    return [
        {
            "sale": event.uuid,
            **known[event.sale_id],
            "state": "cancelled",
            "cancelled_at": event.cancelled_at,
        }
        for event in events
    ]


def _sales(ids: Sequence[int]) -> Mapping[int, Data]:
    found = Sale.objects.filter(pk__in=ids).values_list(
        "pk", "reference", "store__reference", "terminal__reference"
    )
    return {
        pk: {"reference": reference, "store": store, "terminal": terminal}
        for pk, reference, store, terminal in found
    }


def refunded_sales(events: Sequence[SaleRefunded]) -> list[Data]:
    """Tell of what came back, in the store where it did; its money is told of on its own."""
    found = Return.objects.filter(pk__in=[event.return_id for event in events]).values_list(
        "pk", "sale__reference", "store__reference"
    )
    known = {pk: {"reference": reference, "store": store} for pk, reference, store in found}
    return [
        {
            "refund": event.return_uuid,
            "sale": event.uuid,
            **known[event.return_id],
            "currency": event.currency,
            "amount": event.amount,
            "vat": event.vat,
            "tenders": dict(event.tenders),
            "refunded_at": event.returned_at,
        }
        for event in events
    ]


def members_sales(events: Sequence[MemberSaleClosed]) -> list[Data]:
    """Tell another loyalty system of a member's sale: how asking went, and what it gave."""
    return [_members_sale(told) for told in _connected(events)]


def members_returns(events: Sequence[MemberSaleRefunded]) -> list[Data]:
    """Tell another loyalty system what came back of a sale that it was told of."""
    return [
        {
            "refund": event.refund,
            "sale": told.sale,
            "member": told.member,
            "currency": told.currency,
            "amount": event.amount,
            "refunded_at": event.refunded_at,
        }
        for event, told in zip(events, _connected(events), strict=True)
    ]


def _connected(events: Sequence[MemberSaleEvent]) -> list[ConnectedFacts]:
    known = connected_sales([event.sale_id for event in events])
    return [known[event.sale_id] for event in events]


def _members_sale(told: ConnectedFacts) -> Data:
    return {
        "sale": told.sale,
        "member": told.member,
        "reference": told.reference,
        "store": told.store,
        "currency": told.currency,
        "gross": told.gross,
        "discount": told.discount,
        "due": told.due,
        "asked": told.state,
        "given": told.given,
        "closed_at": told.closed_at,
    }


def online_payments(events: Sequence[PaymentEvent]) -> list[Data]:
    """Tell of online payments, as the API tells of them; who pays is not in it."""
    amounts = as_published("asked", "amount", "captured", "released")(events)
    return [
        {
            "payment": event.id,
            "state": event.state,
            "reference": event.reference,
            "link": event.link,
            "sale": event.sale,
            "currency": event.currency,
            **told,
        }
        for event, told in zip(events, amounts, strict=True)
    ]


def money_back(state: str) -> Teller:
    """Return a teller of the part of a refund that goes back by OK; its bank's reason stays ours.

    What is set off against the shopper's debt the merchant hears of as paid: it is, and whether a
    shopper had paid already is not the shop's to know.
    """

    def tell(events: Sequence[RefundEvent]) -> list[Data]:
        found = Refund.objects.filter(pk__in=[event.refund_id for event in events]).values_list(
            "pk", "currency", "sale_return__uuid", "sale_return__sale__uuid"
        )
        known = {
            pk: {"refund": str(refund), "sale": str(sale), "currency": currency}
            for pk, currency, refund, sale in found
        }
        return [
            {**known[event.refund_id], "state": state, "amount": event.amount} for event in events
        ]

    return tell


def payouts(state: PayoutState) -> Teller:
    """Return a teller of payouts that have come to this state."""

    def tell(events: Sequence[PayoutEvent]) -> list[Data]:
        found = Payout.objects.filter(pk__in=[event.payout_id for event in events]).values_list(
            "pk", "end_to_end_id", "currency"
        )
        known = {
            pk: {"payout": str(pk), "reference": reference, "currency": currency}
            for pk, reference, currency in found
        }
        return [
            {
                **known[event.payout_id],
                "state": state.value,
                "amount": event.amount,
                # The day it was paid, or the bank's code for why it came back.
                **{
                    name: getattr(event, name)
                    for name in ("paid_on", "reason")
                    if hasattr(event, name)
                },
            }
            for event in events
        ]

    return tell


def invoices(events: Sequence[InvoiceIssued]) -> list[Data]:
    """Tell of OK's invoices and credit notes; ``open`` is to be paid by bank."""
    return [
        {
            "invoice": event.number,
            "currency": EUR,
            "gross": event.gross,
            "open": event.open,
        }
        for event in events
    ]
