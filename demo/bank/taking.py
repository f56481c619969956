"""Takes files in: checks them, writes their payments down, answers with pain.002."""

from collections.abc import Iterator
from datetime import date, datetime

from demo.bank.agenda import plan
from demo.bank.books import Books, Payment
from demo.bank.checks import FAULTS, fault_of_batch, fault_of_file, fault_of_wish
from demo.bank.clock import after_working_days, day_of, opening_of, working_day_from
from demo.bank.fates import destined
from demo.bank.letters import put_out
from demo.bank.orders import fate_of
from demo.bank.pain import Batch, PainFile, Unreadable, Wish, read_pain
from demo.bank.reports import Reporter
from demo.bank.status import (
    REJECTED,
    Answer,
    BatchAnswer,
    Original,
    file_rejected,
    status_report,
)
from demo.bank.values import cents, stored

ANSWER = "pain.002"
NOT_PROVIDED = "NOTPROVIDED"
UNREADABLE = "FF01"


def take_file(books: Books, reporter: Reporter, content: bytes, *, at: datetime) -> None:
    """Take one file in and answer it, in the caller's transaction."""
    answer = _answer(books, content, at=at, reference=_reference(books, reporter))
    if answer is not None:
        put_out(books, ANSWER, answer, at=at)


def _answer(books: Books, content: bytes, *, at: datetime, reference: str) -> bytes | None:
    """Do what a file asks and write the answer; none where orders keep the bank silent."""
    try:
        file = read_pain(content)
    except Unreadable as error:
        unread = Original(NOT_PROVIDED, NOT_PROVIDED)
        return file_rejected(unread, UNREADABLE, str(error), at=at, reference=reference)
    original = Original(file.message_id, file.name)
    fault = fault_of_file(books, file)
    if fault:
        return file_rejected(original, fault, FAULTS[fault], at=at, reference=reference)
    books.change("INSERT INTO message VALUES (?)", file.message_id)
    batches = [_take_batch(books, file, batch, at=at) for batch in file.batches]
    answered = [batch for batch in batches if batch.answers]
    return status_report(original, answered, at=at, reference=reference) if answered else None


def refuse_payment(
    books: Books, reporter: Reporter, payment: Payment, code: str, *, at: datetime
) -> None:
    """Tell that a payment, accepted before, is rejected after all."""
    answers = [Answer(payment.end_to_end_id, REJECTED, code)]
    content = status_report(
        Original(payment.message_id, payment.message_name),
        [BatchAnswer(payment.batch_id, answers)],
        at=at,
        reference=_reference(books, reporter),
    )
    put_out(books, ANSWER, content, at=at)


def _reference(books: Books, reporter: Reporter) -> str:
    (number,) = books.rows("SELECT coalesce(max(id), 0) + 1 FROM letter")[0]
    return reporter.reference("S", number)


def _take_batch(books: Books, file: PainFile, batch: Batch, *, at: datetime) -> BatchAnswer:
    fault = fault_of_batch(books, batch, today=day_of(at))
    if fault:
        answers = [Answer(wish.end_to_end_id, REJECTED, fault) for wish in batch.wishes]
        return BatchAnswer(batch.id, answers, fault)
    books.open_account(batch.iban, batch.name, at=at, is_house=True)
    return BatchAnswer(batch.id, list(_take_wishes(books, file, batch, at=at)))


def _take_wishes(books: Books, file: PainFile, batch: Batch, *, at: datetime) -> Iterator[Answer]:
    for wish in batch.wishes:
        fault = fault_of_wish(wish)
        if fault:
            yield Answer(wish.end_to_end_id, REJECTED, fault)
            continue
        payment = _payment(file, batch, wish, at=at)
        payment, answer = destined(payment, fate_of(books, payment), at=at)
        books.add(payment)
        if payment.state == "waiting":
            plan(books, datetime.fromisoformat(payment.due_at), "settle")
        if answer is not None:
            yield answer


def _payment(file: PainFile, batch: Batch, wish: Wish, *, at: datetime) -> Payment:
    as_batch = batch.is_batch_booked and not wish.is_instant
    return Payment(
        kind=file.kind,
        message_id=file.message_id,
        message_name=file.name,
        batch_id=batch.id,
        booked_as="batch" if as_batch else "single",
        is_instant=int(wish.is_instant),
        end_to_end_id=wish.end_to_end_id,
        mandate_id=wish.mandate_id,
        house_iban=batch.iban,
        iban=wish.iban,
        name=wish.name,
        amount=cents(wish.amount) or 0,
        text=wish.text,
        structured=wish.structured,
        due_at=stored(_due_at(file.kind, batch.day, is_instant=wish.is_instant, now=at)),
    )


def _due_at(kind: str, day: date, *, is_instant: bool, now: datetime) -> datetime:
    """Say when it is booked: a collection is presented a bank day ahead, or moves."""
    today = day_of(now)
    if is_instant and day == today:
        return now
    if kind == "collection":
        day = max(day, after_working_days(today, 1))
    return max(now, opening_of(day if is_instant else working_day_from(day)))
