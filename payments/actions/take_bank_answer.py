"""Keep what a bank said of a payment: its word, its no, or that it said nothing."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.actions.complete_bank_payment import complete_bank_payment, finish, tell
from payments.events.settlement import BankPaymentFailed
from payments.models import BankPayment
from payments.models.bank_payment import FINAL
from payments.settlement import move
from payments.states import BANK_SAYS, BankPaymentState

FIRST_POLL = timedelta(seconds=5)
SLOWEST_POLL = timedelta(minutes=15)
ERROR_LENGTH = 500


def take_answer(
    bank_payment_id: int,
    status: str,
    *,
    payment_id: str = "",
    approval_url: str = "",
    now: datetime,
    actor: Actor,
) -> BankPaymentState:
    """Keep the bank's word on a payment and return its state then.

    ``payment_id`` and ``approval_url`` come with the first. A word that means nothing leaves the
    payment ``unknown``; one that leads back leaves it where it stands.
    """
    target = BANK_SAYS.get(status)
    told = {"payment_id": payment_id, "approval_url": approval_url} if payment_id else {}
    mine = BankPayment.objects.filter(pk=bank_payment_id)
    with transaction():
        mine.update(**told)
    if target is None:
        return take_no_answer(bank_payment_id, f"The bank says {status[:40]!r}.", now=now)
    if target is BankPaymentState.COMPLETED:
        return complete_bank_payment(bank_payment_id, status=status, now=now, actor=actor)
    if target in FINAL:
        return _fail(bank_payment_id, target, status=status, now=now, actor=actor)
    with transaction():
        move(mine, target)
        _poll_later(mine.exclude(state__in=FINAL), now=now, status=status, last_error="")
    return BankPaymentState(mine.get().state)


def take_no_answer(bank_payment_id: int, error: str, *, now: datetime) -> BankPaymentState:
    """Keep that nobody knows, and ask again later."""
    mine = BankPayment.objects.filter(pk=bank_payment_id)
    with transaction():
        move(mine, BankPaymentState.UNKNOWN)
        _poll_later(mine.exclude(state__in=FINAL), now=now, last_error=error[:ERROR_LENGTH])
    return BankPaymentState(mine.get().state)


def take_refusal(
    bank_payment_id: int, error: str, *, now: datetime, actor: Actor
) -> BankPaymentState:
    """Keep that the bank did not want it: nothing was paid."""
    return _fail(
        bank_payment_id, BankPaymentState.REJECTED, error=error[:ERROR_LENGTH], now=now, actor=actor
    )


def _fail(
    bank_payment_id: int,
    target: BankPaymentState,
    *,
    status: str = "",
    error: str = "",
    now: datetime,
    actor: Actor,
) -> BankPaymentState:
    mine = BankPayment.objects.filter(pk=bank_payment_id)
    with transaction():
        if finish(bank_payment_id, target, status=status, error=error, now=now):
            payment = mine.get()
            failed = BankPaymentFailed(
                bank_payment_id=payment.pk,
                purpose=payment.purpose,
                subject_id=payment.subject_id,
                amount=payment.amount,
                state=target.value,
            )
            tell(payment, failed, "bank_payment_failed", now=now, actor=actor)
    return BankPaymentState(mine.get().state)


def _poll_later(mine: QuerySet[BankPayment], *, now: datetime, **changes: str) -> None:
    payment = mine.first()
    if payment is not None:
        wait = min(FIRST_POLL * 2 ** min(payment.polls, 10), SLOWEST_POLL)
        mine.update(polls=payment.polls + 1, next_poll_at=now + wait, **changes)
