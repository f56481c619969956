"""Lay OK's invoices and a merchant's days down in its bookkeeping program, each once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import operator_scope
from payments.account_files import midnight
from payments.account_queries import Booked
from payments.bookkeeping.account_books import bank_line_of
from payments.calendar import local_day
from payments.gateways import GatewayError
from payments.gateways.bookkeeper import (
    Bill,
    BillLine,
    Bookkeeper,
    DayStatement,
    Mutation,
    NotTakenError,
    RefusedError,
)
from payments.models import BookkeepingPush, Invoice, InvoiceKind, InvoiceLine, PushKind
from payments.settlement import move
from payments.states import PushState

GIVEN_UP_AFTER = timedelta(minutes=5)
"""A sender that has not come back by then has died, and nobody knows how far it came."""
LONGEST_WAIT = timedelta(hours=6)
ERROR_LENGTH = 500

# Days on which something was booked, once they are over; and every document since the link.
PLAN = """
INSERT INTO payments_bookkeeping_push
    (merchant_id, kind, subject, state, external_id, attempts, next_attempt_at, last_error)
SELECT link.merchant_id, found.kind, found.subject, 'due', '', 0, %(now)s, ''
FROM payments_bookkeeping_link link CROSS JOIN LATERAL (
    SELECT 'invoice' AS kind, invoice.number AS subject FROM payments_invoice invoice
    WHERE invoice.merchant_id = link.merchant_id AND invoice.issued_on >= link.since
    UNION ALL
    SELECT DISTINCT 'statement',
        to_char(posting.booked_at AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM-DD')
    FROM payments_account account
    JOIN payments_entry line ON line.account_id = account.id
    JOIN payments_posting posting ON posting.id = line.posting_id
    WHERE account.owner_id = link.merchant_id AND account.kind = 'merchant_payable'
        AND account.asset = 'EUR' AND account.mode = 'live'
        AND posting.booked_at >= link.since AT TIME ZONE 'Europe/Amsterdam'
        AND posting.booked_at < %(today)s
) AS found
ON CONFLICT (merchant_id, kind, subject) DO NOTHING
"""

Sent = tuple[Callable[[], str], Callable[[], str | None]]


def plan_pushes(*, now: datetime) -> None:
    """Write down what is to go to merchants' programs and was not yet; once each."""
    with transaction():
        call(PLAN, {"now": now, "today": midnight(local_day(now))})


def push(*, push_id: int, bookkeeper: Bookkeeper, now: datetime, actor: Actor) -> PushState | None:
    """Lay one thing down and return its state; None where somebody else does, or has done.

    Where nobody knows whether the program acted it is ``unknown``, and is never sent again before
    ``resolve_push`` has looked it up there.
    """
    with operator_scope("bookkeeping"):
        mine = BookkeepingPush.objects.filter(pk=push_id)
        due = mine.filter(next_attempt_at__lte=now)
        if not _moved(due, PushState.SENDING, claimed_at=now):
            return None
        sent = mine.get()
        add, _find = _calls(sent, bookkeeper)
        try:
            external_id = add()
        except RefusedError as error:
            return _failed(sent, PushState.REFUSED, error, now=now)
        except NotTakenError as error:
            return _failed(sent, PushState.DUE, error, now=now)
        except GatewayError as error:
            return _failed(sent, PushState.UNKNOWN, error, now=now)
        return _sent(sent, external_id, actor=actor)


def resolve_push(
    *, push_id: int, bookkeeper: Bookkeeper, now: datetime, actor: Actor
) -> PushState | None:
    """Look up in the program what we do not know of, and return its state then.

    It is there, or it never came and may be sent; while the program does not say, it stays
    ``unknown``. One that has been ``sending`` too long counts. None where there is no doubt.
    """
    with operator_scope("bookkeeping"):
        mine = BookkeepingPush.objects.filter(pk=push_id)
        _moved(mine.filter(claimed_at__lte=now - GIVEN_UP_AFTER), PushState.UNKNOWN)
        doubtful = mine.filter(state=PushState.UNKNOWN, next_attempt_at__lte=now).first()
        if doubtful is None:
            return None
        _add, find = _calls(doubtful, bookkeeper)
        try:
            external_id = find()
        except GatewayError as error:
            with transaction():
                mine.update(**_waiting(doubtful, error, now=now))
            return PushState.UNKNOWN
        if external_id is not None:
            return _sent(doubtful, external_id, actor=actor)
        _moved(mine, PushState.DUE, next_attempt_at=now)
        return PushState.DUE


def _calls(push: BookkeepingPush, bookkeeper: Bookkeeper) -> Sent:
    """Return how a thing is laid down, and how it is looked up."""
    if push.kind == PushKind.INVOICE:
        bill = _bill(push)
        return (lambda: bookkeeper.add_bill(bill)), (lambda: bookkeeper.find_bill(bill))
    statement = _statement(push)
    return (
        lambda: bookkeeper.add_statement(statement),
        lambda: bookkeeper.find_statement(statement),
    )


def _bill(push: BookkeepingPush) -> Bill:
    invoice = Invoice.objects.get(merchant_id=push.merchant_id, number=push.subject)
    sign = -1 if invoice.kind == InvoiceKind.CREDIT_NOTE else 1
    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("number")
    return Bill(
        number=invoice.number,
        day=invoice.issued_on,
        due=invoice.due_on,
        lines=[BillLine(text=line.name, net=sign * line.net) for line in lines],
    )


def _statement(push: BookkeepingPush) -> DayStatement:
    day = date.fromisoformat(push.subject)
    booked = Booked(push.merchant_id, since=midnight(day), until=midnight(day + timedelta(days=1)))
    opening, total, _count = booked.totals()
    lines = (bank_line_of(one, 1, "nl") for one in booked.bookings(books=False))
    return DayStatement(
        reference=f"OK {push.subject}",
        day=day,
        balance=opening + total,
        mutations=[
            Mutation(
                id=f"OK{line.bank_reference}",
                amount=line.amount,
                text=line.text,
                batch=line.batch_id,
                contra_iban=line.iban,
            )
            for line in lines
        ],
    )


def _failed(
    push: BookkeepingPush, state: PushState, error: GatewayError, *, now: datetime
) -> PushState:
    mine = BookkeepingPush.objects.filter(pk=push.pk)
    _moved(mine, state, **_waiting(push, error, now=now))
    return state


def _waiting(push: BookkeepingPush, error: GatewayError, *, now: datetime) -> dict[str, Any]:
    """Wait a minute, two, four, … and six hours at most."""
    wait = min(timedelta(minutes=2 ** min(push.attempts, 10)), LONGEST_WAIT)
    return {
        "attempts": push.attempts + 1,
        "next_attempt_at": now + wait,
        "last_error": str(error)[:ERROR_LENGTH],
    }


def _sent(push: BookkeepingPush, external_id: str, *, actor: Actor) -> PushState:
    with transaction():
        mine = BookkeepingPush.objects.filter(pk=push.pk)
        if move(mine, PushState.SENT, external_id=external_id, last_error=""):
            audit.record(
                actor=actor,
                action="pushed_to_books",
                object_type="bookkeeping_push",
                object_id=push.pk,
                merchant_id=push.merchant_id,
                data={"kind": push.kind, "subject": push.subject, "external_id": external_id},
            )
    return PushState.SENT


def _moved(pushes: Any, target: PushState, **changes: Any) -> bool:
    with transaction():
        return move(pushes, target, **changes) == 1
