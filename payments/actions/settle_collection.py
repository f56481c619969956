"""Keep that a collection is on our account, or that it is not after all."""

from datetime import date, datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.events.settlement import CollectionSettled, CollectionUnsettled
from payments.models import Collection, Mandate
from payments.settlement import move_one
from payments.states import CollectionState


@transaction_required
def settle_collection(*, collection_id: int, settled_on: date, now: datetime, actor: Actor) -> None:
    """Settle a collection that the bank credited; reconciliation has booked the money.

    The mandate's next collections are no longer its first. Raises ``MoveNotAllowedError`` unless
    the collection was sent.
    """
    mine = Collection.objects.filter(pk=collection_id)
    collection = mine.select_related("bank_account").get()
    # The mandate is held before the collection, as everywhere.
    Mandate.objects.filter(pk=collection.mandate_id, first_settled_at=None).update(
        first_settled_at=now
    )
    move_one(mine, CollectionState.SETTLED, settled_on=settled_on)
    audit.record(
        actor=actor,
        action="collection_settled",
        object_type="collection",
        object_id=collection_id,
        mode=collection.mode,
        data={"settled_on": settled_on.isoformat()},
    )
    events.publish(
        CollectionSettled(
            collection_id=collection_id,
            bank_account_id=collection.bank_account_id,
            person_id=collection.bank_account.person_id,
            amount=collection.amount,
            settled_on=settled_on.isoformat(),
        ),
        now=now,
        mode=collection.mode,
    )


@transaction_required
def unsettle_collection(*, collection_id: int, now: datetime, actor: Actor) -> None:
    """Keep that a collection is still on its way: the bank line was another's.

    The mandate stays as it is: banks take a recurrent collection as the first one too. Raises
    ``MoveNotAllowedError`` unless the collection was settled.
    """
    mine = Collection.objects.filter(pk=collection_id, state=CollectionState.SETTLED)
    move_one(mine, CollectionState.SENT, settled_on=None)
    collection = Collection.objects.select_related("bank_account").get(pk=collection_id)
    audit.record(
        actor=actor,
        action="collection_unsettled",
        object_type="collection",
        object_id=collection_id,
        mode=collection.mode,
    )
    events.publish(
        CollectionUnsettled(
            collection_id=collection_id,
            bank_account_id=collection.bank_account_id,
            person_id=collection.bank_account.person_id,
            amount=collection.amount,
        ),
        now=now,
        mode=collection.mode,
    )
