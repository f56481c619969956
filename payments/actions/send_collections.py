"""Ask shoppers' banks for what was announced: one file per account of ours, made once."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction, transaction_required
from payments.actions.expect import expect
from payments.bankfiles import pain008
from payments.bankfiles.orders import Creditor, DirectDebit, SequenceType, batches
from payments.calendar import local_day, soonest_due
from payments.chart import (
    COLLECTIONS_IN_TRANSIT,
    SHOPPER_RECEIVABLE,
)
from payments.ledger import AccountRef, post
from payments.models import (
    Collection,
    CollectionItem,
    ExpectationKind,
    FileKind,
    HouseAccount,
)
from payments.postings import (
    COLLECTION_SENT,
)
from payments.settlement import holder_of, keep_file, move, next_id, settling_accounts
from payments.states import CollectionState

MOST_IN_A_FILE = 2_000

# What goes back to a shopper has no place in a collection that was announced before it.
OUTDATED = """
SELECT id FROM payments_collection collection
WHERE id = ANY(%s) AND EXISTS (
    SELECT FROM payments_collection_item item
    WHERE item.bank_account_id = collection.bank_account_id AND item.collection_id IS NULL
        AND item.amount < 0)
"""


def send_collections(*, now: datetime, actor: Actor) -> list[int]:
    """Put every collection that must go to the bank today into a file; return the files' ids.

    Books them (``collection_sent``) and expects them on our account. One whose purchases were
    refunded since it was announced is cancelled, and announced anew for less. What an outage kept
    beyond its day is asked for as soon as the bank can; that is never before the day announced. The
    files go out by ``deliver_file``.
    """
    made = []
    for account in settling_accounts():
        while (file_id := _make_file(account, now=now, actor=actor)) is not None:
            made.append(file_id)
    return made


def _make_file(account: HouseAccount, *, now: datetime, actor: Actor) -> int | None:
    due_on = soonest_due(local_day(now))
    with transaction():
        collections = _without_outdated(_claim(account, due_on), actor=actor)
        if not collections:
            return None
        file_id = next_id("payments_outgoing_file")
        message_id = f"OKD{file_id}"
        debits = [_debit(collection, due_on) for collection in collections]
        batch_ids = {
            order.end_to_end_id: batch.batch_id
            for batch in batches(message_id, debits)
            for order in batch.orders
        }
        for collection in collections:
            _book(collection, due_on, batch_id=batch_ids[collection.end_to_end_id], now=now)
        for sequence in SequenceType:
            ids = [one.pk for one in collections if sequence_of(one) is sequence]
            move(
                Collection.objects.filter(pk__in=ids),
                CollectionState.SENT,
                sequence=sequence,
                due_on=due_on,
                outgoing_file_id=file_id,
            )
        content = pain008.write(
            message_id=message_id, created_at=now, creditor=_creditor(account), debits=debits
        )
        keep_file(
            file_id=file_id,
            account=account,
            kind=FileKind.DEBITS,
            message_id=message_id,
            content=content,
            orders=debits,
            now=now,
        )
        audit.record(
            actor=actor,
            action="collections_sent",
            object_type="outgoing_file",
            object_id=file_id,
            mode=account.mode,
            data={"collections": len(debits), "amount": sum(debit.amount for debit in debits)},
        )
    return file_id


def _claim(account: HouseAccount, due_on: date) -> Sequence[Collection]:
    """Lock what goes into the next file; a second sender waits, and finds the rest."""
    HouseAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    announced = Collection.objects.filter(
        house_account=account, state=CollectionState.ANNOUNCED, due_on__lte=due_on
    )
    return list(
        announced.select_related("mandate", "bank_account")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))[:MOST_IN_A_FILE]
    )


@transaction_required
def _without_outdated(collections: Sequence[Collection], *, actor: Actor) -> Sequence[Collection]:
    """Cancel those of which something was refunded since, so that they are announced anew.

    Looked at once they are held: a refund that is being begun holds what it found.
    """
    outdated = {row[0] for row in call(OUTDATED, [[one.pk for one in collections]])}
    if not outdated:
        return collections
    move(Collection.objects.filter(pk__in=outdated), CollectionState.CANCELLED)
    CollectionItem.objects.filter(collection__in=outdated).update(collection=None)
    for one in collections:
        if one.pk in outdated:
            audit.record(
                actor=actor,
                action="collection_cancelled",
                object_type="collection",
                object_id=one.pk,
                mode=one.mode,
                data={"reason": "refunded"},
            )
    return [one for one in collections if one.pk not in outdated]


def sequence_of(collection: Collection) -> SequenceType:
    """Return FRST until a first collection of the mandate was had, then RCUR."""
    first = collection.mandate.first_settled_at is None
    return SequenceType.FIRST if first else SequenceType.RECURRENT


def _debit(collection: Collection, due_on: date) -> DirectDebit:
    account, mandate = collection.bank_account, collection.mandate
    return DirectDebit(
        end_to_end_id=collection.end_to_end_id,
        amount=collection.amount,
        name=holder_of(account.holder, account.iban),
        iban=account.iban,
        requested_on=due_on,
        text=f"OK {collection.end_to_end_id}",
        mandate_id=mandate.reference,
        signed_on=local_day(mandate.signed_at),
        sequence=sequence_of(collection),
    )


def _creditor(account: HouseAccount) -> Creditor:
    return Creditor(name=account.holder, iban=account.iban, creditor_id=settings.OK_CREDITOR_ID)


def _book(collection: Collection, due_on: date, *, batch_id: str, now: datetime) -> None:
    owed = AccountRef(SHOPPER_RECEIVABLE.kind, collection.bank_account_id, collection.currency)
    asked = AccountRef(
        COLLECTIONS_IN_TRANSIT.kind, collection.house_account_id, collection.currency
    )
    post(
        kind=COLLECTION_SENT,
        reference=str(collection.pk),
        mode=collection.mode,
        entries=[(owed, collection.amount), (asked, -collection.amount)],
        now=now,
    )
    expect(
        mode=collection.mode,
        house_account_id=collection.house_account_id,
        kind=ExpectationKind.COLLECTION,
        subject_id=collection.pk,
        amount=collection.amount,
        currency=collection.currency,
        end_to_end_id=collection.end_to_end_id,
        reference=collection.end_to_end_id,
        iban=collection.bank_account.iban,
        due_on=due_on,
        batch_id=batch_id,
        now=now,
    )
