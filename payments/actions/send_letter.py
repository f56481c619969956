"""Send a letter, once; or drop it, when what it says is no longer so."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.gateways import GatewayError
from payments.gateways.mail import deliver
from payments.mandate_texts import CREDITOR
from payments.models import Collection, Letter, LetterKind
from payments.queries import left_in
from payments.settlement import move
from payments.states import CollectionState, FollowUp, LetterState

TRY_AGAIN = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(minutes=30)
"""A sender that has not come back by then has died; the letter may have gone."""
COMING = (CollectionState.ANNOUNCED, CollectionState.SENT)


def send_letter(*, letter_id: int, now: datetime, actor: Actor) -> LetterState | None:
    """Send a letter that is due and return its state; None where somebody else does.

    Whoever claims it sends it. What the mail server did not take waits for another try; what
    nobody knows about is never sent twice.
    """
    mine = Letter.objects.filter(pk=letter_id)
    letter = mine.select_related("collection__bank_account__person", "collection__mandate").get()
    with transaction():
        target = LetterState.SENDING if is_needed(letter) else LetterState.DROPPED
        claimed = move(mine.filter(due_at__lte=now), target, claimed_at=now)
    if not claimed or target is LetterState.DROPPED:
        return target if claimed else None
    subject, body = written(letter)
    try:
        deliver(address=letter.collection.bank_account.person.email, subject=subject, body=body)
    except GatewayError:
        with transaction():
            again = now + TRY_AGAIN
            move(mine, LetterState.WAITING, due_at=again, failures=F("failures") + 1)
        return LetterState.WAITING
    with transaction():
        move(mine, LetterState.SENT, sent_at=now)
        audit.record(
            actor=actor,
            action="letter_sent",
            object_type="letter",
            object_id=letter_id,
            mode=letter.mode,
            data={"kind": letter.kind, "collection": letter.collection_id},
        )
    return LetterState.SENT


def give_up_letters(*, now: datetime) -> int:
    """Write off the letters whose sender died: they may have gone, so none goes again."""
    with transaction():
        stale = Letter.objects.filter(claimed_at__lte=now - GIVEN_UP_AFTER)
        return move(stale, LetterState.UNKNOWN)


def is_needed(letter: Letter) -> bool:
    """Say whether a letter still tells the truth, to somebody who is still there."""
    collection = letter.collection
    if not collection.bank_account.person.is_active:
        return False
    if letter.kind == LetterKind.NOTICE:
        return collection.state in COMING
    retried = Collection.objects.filter(retry_of=collection).exists()
    owed = collection.follow_up != FollowUp.REFUNDED
    return collection.state == CollectionState.RETURNED and owed and not retried


def written(letter: Letter) -> tuple[str, str]:
    """Return the subject and the text of a letter in its reader's language."""
    collection = letter.collection
    account = collection.bank_account
    facts: dict[str, Any] = {
        "letter": letter,
        "collection": collection,
        "owed": left_in(collection.pk),
        "account": account,
        "person": account.person,
        "creditor": CREDITOR,
        "creditor_id": settings.OK_CREDITOR_ID,
        "base_url": settings.BASE_URL,
    }
    with translation.override(account.person.language):
        subject, body = (
            render_to_string(f"payments/letters/{letter.kind}_{part}.txt", facts)
            for part in ("subject", "message")
        )
    return " ".join(subject.split()), body.strip() + "\n"
