"""What the refund tests do again and again: give back, order, and look at the money."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from merchants.returns.actions.refund_sale import RefundCall, refund_sale
from merchants.returns.asking import RefundAsked
from merchants.returns.facts import RefundFacts
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.tills import StoreAtTill
from okplatform.trade.facts import SaleKey
from okplatform.trade.models import Sale
from payments.actions.order_refunds import order_refunds
from payments.chart import EUR, REFUNDS_IN_TRANSIT, REFUNDS_PAYABLE, STORE_SETTLEMENT
from payments.ledger import AccountRef
from payments.models import BankAccount, Expectation, ExpectationKind, HouseAccount, Refund
from tests.payments.bank import line
from tests.payments.settling import DUE, bank_says
from tests.support.world import NOW, Place

IN_TIME = datetime(2026, 11, 27, 9, tzinfo=UTC)
"""The first day on which what was collected on Thursday the 19th may go back."""


def give_back(
    place: Place,
    sale_id: int,
    amount: int | None = None,
    *,
    now: datetime = NOW,
    uuid: UUID | None = None,
    **asked: Any,
) -> RefundFacts:
    """Give an amount of a sale back at this place, or what else is asked."""
    with operator_scope("the test looks"):
        sale = Sale.objects.get(pk=sale_id)
    store = place.store
    with merchant_scope(place.merchant.pk):
        return refund_sale(
            call=RefundCall(
                key=SaleKey(place.merchant.pk, sale.mode, sale.uuid),
                place=StoreAtTill(
                    store_id=store.pk,
                    store_reference=store.reference,
                    channel=store.channel,
                    currency=store.currency,
                    timezone=store.timezone,
                    terminal_id=place.terminal.pk,
                ),
                actor=SYSTEM,
                now=now,
            ),
            asked=RefundAsked(uuid=uuid or uuid4(), language="nl", amount=amount, **asked),
        )


def order(now: datetime) -> list[int]:
    return order_refunds(now=now, actor=SYSTEM)


def refunds() -> list[Refund]:
    with operator_scope("the test looks"):
        return list(Refund.objects.order_by("pk"))


def states() -> list[str]:
    return [one.state for one in refunds()]


def coming_to(account: BankAccount) -> AccountRef:
    """What comes back to the holder of an account."""
    return AccountRef(REFUNDS_PAYABLE.kind, account.pk, EUR)


def on_its_way(ours: HouseAccount) -> AccountRef:
    return AccountRef(REFUNDS_IN_TRANSIT.kind, ours.pk, EUR)


def among_stores(place: Place) -> AccountRef:
    return AccountRef(STORE_SETTLEMENT.kind, place.store.pk, EUR)


def bank_pays(ours: HouseAccount, refund: Refund, *, reason: str = "") -> None:
    """Say that the bank took a refund from our account, or gave it back for a reason."""
    expected = Expectation.objects.get(kind=ExpectationKind.REFUND, subject_id=refund.pk)
    amount = -expected.amount if reason else expected.amount
    bank_says(ours, line(amount, refund.end_to_end_id, booked_on=DUE, reason=reason))
