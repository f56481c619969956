"""Take a refund off what its shopper owes: no bank hears of it."""

from collections.abc import Sequence
from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.tenancy import operator_scope
from payments.chart import (
    REFUNDS_PAYABLE,
    SHOPPER_RECEIVABLE,
)
from payments.events.refunds import RefundSetOff
from payments.ledger import AccountRef, post
from payments.models import Collection, CollectionItem, Refund
from payments.postings import (
    REFUND_SET_OFF,
)
from payments.queries import left_in
from payments.settlement import move_one
from payments.states import CollectionState, FollowUp, RefundState

# Of purchases that this collection was to bring in, with how much of each; locked, so that none is
# ordered meanwhile.
WAITING_IN = """
SELECT refund.id, refund.payment_id, refund.amount, bought.amount FROM (
    SELECT coalesce(
            payments_sale_of(posting.kind, posting.reference), earlier.payment_id) AS sale_id,
        sum(item.amount)::bigint AS amount
    FROM payments_collection_item item
    JOIN payments_posting posting ON posting.id = item.posting_id
    LEFT JOIN payments_refund earlier ON posting.kind = 'refund_set_off'
        AND earlier.id = CASE posting.kind WHEN 'refund_set_off' THEN posting.reference::bigint END
    WHERE item.collection_id = %s GROUP BY 1
) AS bought
JOIN payments_refund refund ON refund.payment_id = bought.sale_id AND refund.state = 'waiting'
ORDER BY refund.id FOR NO KEY UPDATE OF refund
"""


@transaction_required
def waiting_in(collection_id: int) -> Sequence[Refund]:
    """Return the refunds that wait for this collection, held until the end.

    Of a sale captured in parts some may be in other collections: a refund of more than is in this
    one goes on waiting.
    """
    ids: list[int] = []
    left: dict[int, int] = {}
    for refund_id, sale_id, amount, bought in call(WAITING_IN, [collection_id]):
        if amount <= left.setdefault(sale_id, bought):
            left[sale_id] -= amount
            ids.append(refund_id)
    with operator_scope("settlement"):
        return list(Refund.objects.filter(pk__in=ids).order_by("pk"))


@transaction_required
def set_off(*, refund: Refund, collection_id: int | None, now: datetime, actor: Actor) -> None:
    """Lower what is owed by a waiting refund.

    ``collection_id`` is the collection that came back with its purchase, if there is one: a retry
    then asks for that much less, and nothing where nothing is left.
    """
    with operator_scope("settlement"):
        move_one(Refund.objects.filter(pk=refund.pk), RefundState.SET_OFF)
    payable = AccountRef(REFUNDS_PAYABLE.kind, refund.bank_account_id, refund.currency)
    receivable = AccountRef(SHOPPER_RECEIVABLE.kind, refund.bank_account_id, refund.currency)
    posting_id = post(
        kind=REFUND_SET_OFF,
        reference=str(refund.pk),
        mode=refund.mode,
        entries=[(payable, -refund.amount), (receivable, refund.amount)],
        now=now,
    )
    # Here and not when items are gathered: only here it is known which collection it belongs to.
    CollectionItem.objects.create(
        posting_id=posting_id,
        bank_account_id=refund.bank_account_id,
        mode=refund.mode,
        amount=-refund.amount,
        booked_at=now,
        collection_id=collection_id,
    )
    if collection_id is not None and not left_in(collection_id):
        Collection.objects.filter(pk=collection_id, state=CollectionState.RETURNED).update(
            follow_up=FollowUp.REFUNDED
        )
    _tell(refund, now=now, actor=actor)


def _tell(refund: Refund, *, now: datetime, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="refund_set_off",
        object_type="refund",
        object_id=refund.pk,
        merchant_id=refund.merchant_id,
        mode=refund.mode,
        data={"amount": refund.amount},
    )
    events.publish(
        RefundSetOff(
            refund_id=refund.pk, bank_account_id=refund.bank_account_id, amount=refund.amount
        ),
        now=now,
        merchant_id=refund.told_to,
        mode=refund.mode,
    )
