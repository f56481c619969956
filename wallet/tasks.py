"""Celery's way to people's mailboxes; each task may run twice, or side by side."""

from celery import shared_task

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import now
from wallet.actions.send_receipt import give_up_receipts, send_receipt
from wallet.queries import due_receipt_letters

LETTERS_AT_ONCE = 100


@shared_task(name="wallet.send_receipts", ignore_result=True, expires=10)
def send() -> None:
    """Send the receipts that somebody asked for."""
    give_up_receipts(now=now())
    for letter_id in due_receipt_letters(now=now(), most=LETTERS_AT_ONCE):
        send_receipt(letter_id=letter_id, now=now(), actor=SYSTEM)
