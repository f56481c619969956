"""Send a receipt to its person's mailbox, once; or drop it, where there is none any more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.gateways.mail import Attachment, MailError, deliver
from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.queries import proved_address
from wallet.models import Receipt, ReceiptLetter, ReceiptLetterState
from wallet.receipt_pdf import write_pdf
from wallet.receipts import own_paper_of

TRY_AGAIN = timedelta(minutes=10)
MOST_FAILURES = 12
GIVEN_UP_AFTER = timedelta(minutes=30)
"""A sender that has not come back by then has died; the letter may have gone."""


def send_receipt(*, letter_id: int, now: datetime, actor: Actor) -> ReceiptLetterState | None:
    """Send a letter that is due and return its state; None where somebody else does.

    Whoever claims it sends it. What the mail server did not take waits for another try; what
    nobody knows about is never sent twice.
    """
    with operator_scope("letters that wait, whoever's"):
        mine = ReceiptLetter.objects.filter(pk=letter_id)
        letter = mine.select_related("person").get()
    address = proved_address(letter.person_id)
    claim = ReceiptLetterState.SENDING if address else ReceiptLetterState.DROPPED
    due = mine.filter(state=ReceiptLetterState.WAITING, due_at__lte=now)
    with transaction():
        claimed = due.update(state=claim, claimed_at=now)
    if not claimed or address is None:
        return claim if claimed else None
    subject, body, file = _written(letter)
    try:
        deliver(address=address, subject=subject, body=body, attachments=[file])
    except MailError:
        return _put_off(letter, now)
    with transaction():
        mine.update(state=ReceiptLetterState.SENT, sent_at=now)
        audit.record(
            actor=actor,
            action="receipt_sent",
            object_type="receipt",
            object_id=letter.receipt_id,
            data={"letter": letter_id},
        )
    return ReceiptLetterState.SENT


def give_up_receipts(*, now: datetime) -> int:
    """Write off the letters whose sender died: they may have gone, so none goes again."""
    with operator_scope("letters whose sender died, whoever's"), transaction():
        stale = ReceiptLetter.objects.filter(
            state=ReceiptLetterState.SENDING, claimed_at__lte=now - GIVEN_UP_AFTER
        )
        given_up: int = stale.update(state=ReceiptLetterState.UNKNOWN)
    return given_up


def _put_off(letter: ReceiptLetter, now: datetime) -> ReceiptLetterState:
    again = ReceiptLetterState.WAITING
    if letter.failures + 1 >= MOST_FAILURES:
        again = ReceiptLetterState.DROPPED
    with operator_scope("a letter that was not taken"), transaction():
        mine = ReceiptLetter.objects.filter(pk=letter.pk, state=ReceiptLetterState.SENDING)
        mine.update(state=again, due_at=now + TRY_AGAIN, failures=F("failures") + 1)
    return again


def _written(letter: ReceiptLetter) -> tuple[str, str, Attachment]:
    """Return the subject and the text in the reader's language, and the receipt in its own."""
    with person_scope(letter.person_id):
        receipts = Receipt.objects.select_related("merchant", "sale__store")
        paper = own_paper_of(receipts.get(pk=letter.receipt_id))
    facts = {
        "letter": letter,
        "paper": paper,
        "person": letter.person,
        "base_url": settings.BASE_URL,
    }
    with translation.override(letter.person.language):
        subject, body = (
            render_to_string(f"wallet/letters/receipt_{part}.txt", facts)
            for part in ("subject", "message")
        )
    file = Attachment(f"{paper.name}.pdf", write_pdf(paper), "application/pdf")
    return " ".join(subject.split()), body.strip() + "\n", file
