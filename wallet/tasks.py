"""Celery's way into the wallet; each task may run twice, or side by side."""

from celery import shared_task

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from wallet.actions.forget_imports import forget_imports as forget
from wallet.actions.send_receipt import give_up_receipts, send_receipt
from wallet.queries import due_receipt_letters

LETTERS_AT_ONCE = 100


@shared_task(name="wallet.forget_imports", ignore_result=True)
def forget_imports() -> None:
    """Delete files of cards that waited for a day without a decision."""
    forget(now=clock.now())


@shared_task(name="wallet.send_receipts", ignore_result=True, expires=10)
def send_receipts() -> None:
    """Send the receipts that somebody asked for."""
    give_up_receipts(now=clock.now())
    for letter_id in due_receipt_letters(now=clock.now(), most=LETTERS_AT_ONCE):
        send_receipt(letter_id=letter_id, now=clock.now(), actor=SYSTEM)
