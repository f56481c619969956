"""Celery's way into the wallet; each task may run twice, or side by side."""

from celery import shared_task
from django.urls import reverse

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from wallet.actions.forget_imports import forget_imports as forget
from wallet.actions.forget_pushes import forget_pushes as forget_told
from wallet.actions.remind import Pages
from wallet.actions.remind import remind as remind_people
from wallet.actions.send_push import send_push as send_to_phone
from wallet.actions.send_receipt import give_up_receipts, send_receipt
from wallet.queries import due_pushes, due_receipt_letters

LETTERS_AT_ONCE = 100
PUSHES_AT_ONCE = 500


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


@shared_task(name="wallet.remind", ignore_result=True, expires=600)
def remind() -> None:
    """Write down which cards and warranties people are told of."""
    pages = Pages(
        card=lambda uuid: reverse("wallet:card", args=[uuid]),
        warranty=lambda receipt_id: reverse("wallet:warranty", args=[receipt_id]),
    )
    remind_people(pages=pages, now=clock.now())


@shared_task(name="wallet.send_pushes", ignore_result=True, expires=5)
def send_pushes() -> None:
    """Let each notification that is due be sent."""
    for delivery_id in due_pushes(now=clock.now(), most=PUSHES_AT_ONCE):
        send_push.apply_async((delivery_id,), expires=60)


@shared_task(name="wallet.send_push", ignore_result=True)
def send_push(delivery_id: int) -> None:
    """Send one; whoever comes second finds nothing to send."""
    send_to_phone(delivery_id=delivery_id, now=clock.now(), actor=SYSTEM)


@shared_task(name="wallet.forget_pushes", ignore_result=True)
def forget_pushes() -> None:
    """Forget what people were told last week."""
    forget_told(now=clock.now())
