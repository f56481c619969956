"""Owe again what the bank did not collect, or gave back, and do what its reason asks for."""

from datetime import date, datetime

from django.db.models import F

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.actions.close_mandate import end_mandate
from payments.actions.retry_collection import announce_again
from payments.actions.set_off import set_off, waiting_in
from payments.calendar import local_day, retry_due
from payments.chart import (
    COLLECTIONS_IN_TRANSIT,
    SHOPPER_RECEIVABLE,
)
from payments.events.settlement import CollectionReturned
from payments.ledger import AccountRef, post
from payments.models import Collection, Mandate
from payments.postings import (
    COLLECTION_RETURNED,
)
from payments.readiness import hold_account
from payments.settlement import move_one
from payments.states import CLOSING, CollectionState, FollowUp, MandateState, follow_up


@transaction_required
def reopen_debt(
    *, collection_id: int, reason: str, returned_on: date, now: datetime, actor: Actor
) -> FollowUp:
    """Take a sent or settled collection back for the bank's ``reason``; return what follows.

    The shopper owes it again (``collection_returned``). By its reason it is announced once more,
    ends the mandate, waits for the person's word, or for somebody to look (``states.follow_up``).
    Refunds that waited for it lower the debt instead of being paid; where they leave nothing,
    nothing follows. Raises ``MoveNotAllowedError`` for a collection that was not sent, or came back
    before.
    """
    mine = Collection.objects.filter(pk=collection_id)
    collection = mine.select_related("bank_account").get()
    mandate = _held_mandate(collection)
    # Then the collection: a refund that is being begun waits for either, or is one of those that
    # wait; and so does a payment at the bank that is being booked.
    mine.select_for_update(no_key=True).get()
    refunds = waiting_in(collection_id)
    left = collection.amount - sum(refund.amount for refund in refunds)
    follows = _what_follows(collection, mandate, reason, left=left)
    move_one(
        mine,
        CollectionState.RETURNED,
        returned_on=returned_on,
        reason=reason,
        follow_up=follows,
        dunning_level=F("dunning_level") + 1,
    )
    _book(collection, now=now)
    for refund in refunds:
        set_off(refund=refund, collection_id=collection_id, now=now, actor=actor)
    collection.refresh_from_db(fields=["state", "reason", "dunning_level"])
    audit.record(
        actor=actor,
        action="collection_returned",
        object_type="collection",
        object_id=collection_id,
        mode=collection.mode,
        data={"reason": reason, "follow_up": follows},
    )
    retry_on = _follow(collection, mandate, follows, now=now, actor=actor)
    _tell(collection, follows, retry_on, now=now)
    return follows


def _tell(
    collection: Collection, follows: FollowUp, retry_on: date | None, *, now: datetime
) -> None:
    events.publish(
        CollectionReturned(
            collection_id=collection.pk,
            bank_account_id=collection.bank_account_id,
            person_id=collection.bank_account.person_id,
            amount=collection.amount,
            reason=collection.reason,
            follow_up=follows,
            dunning_level=collection.dunning_level,
            retry_on=retry_on.isoformat() if retry_on else "",
        ),
        now=now,
        mode=collection.mode,
    )


def _what_follows(collection: Collection, mandate: Mandate, reason: str, *, left: int) -> FollowUp:
    if not left:
        return FollowUp.REFUNDED
    follows = follow_up(reason, attempt=collection.attempt)
    if follows is FollowUp.RETRY and mandate.state != MandateState.ACTIVE:
        return FollowUp.NEW_MANDATE
    return follows


def _held_mandate(collection: Collection) -> Mandate:
    """Hold the mandate, so that nobody closes it before the next attempt under it is announced.

    Its account first, as everywhere.
    """
    hold_account(collection.bank_account_id)
    return Mandate.objects.select_for_update(no_key=True).get(pk=collection.mandate_id)


def _book(collection: Collection, *, now: datetime) -> None:
    owed = AccountRef(SHOPPER_RECEIVABLE.kind, collection.bank_account_id, collection.currency)
    asked = AccountRef(
        COLLECTIONS_IN_TRANSIT.kind, collection.house_account_id, collection.currency
    )
    post(
        kind=COLLECTION_RETURNED,
        reference=f"{collection.pk}-{collection.attempt}",
        mode=collection.mode,
        entries=[(asked, collection.amount), (owed, -collection.amount)],
        now=now,
    )


def _follow(
    collection: Collection, mandate: Mandate, follows: FollowUp, *, now: datetime, actor: Actor
) -> date | None:
    """Do what can be done without asking anybody; return the day of the next attempt."""
    if follows is FollowUp.NEW_MANDATE or collection.reason in CLOSING:
        end_mandate(mandate_id=mandate.pk, reason=collection.reason, now=now, actor=actor)
    if follows is not FollowUp.RETRY:
        return None
    due_on = retry_due(local_day(now))
    announce_again(collection, mandate=mandate, due_on=due_on, now=now, actor=actor)
    return due_on
