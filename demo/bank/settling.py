"""Books what is due: payments, what comes back of them, and what strangers pay."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from demo.bank.agenda import plan
from demo.bank.books import Booked, Books, Payment
from demo.bank.clock import after_working_days, day_of, opening_of, working_day_from
from demo.bank.values import stored

NO_FUNDS = "AM04"


def settle(books: Books, *, at: datetime) -> None:
    """Book every payment that is due, what belongs to one batch entry together."""
    due = books.payments("state = 'waiting' AND due_at <= ?", stored(at))
    for _together, payments in groupby(due, key=_entry_of):
        _settle(books, list(payments), at=at)


def _entry_of(payment: Payment) -> tuple[str, str, int]:
    return payment.batch_id, payment.booked_as, payment.id if payment.booked_as == "single" else 0


def _settle(books: Books, payments: Sequence[Payment], *, at: datetime) -> None:
    first = payments[0]
    for payment in payments:
        books.open_account(payment.iban, payment.name, at=at)
        books.move(payment, to="booked")
    books.book(
        [
            (first.house_iban, sum(payment.credited for payment in payments)),
            *[(payment.iban, -payment.credited) for payment in payments],
        ],
        at=at,
        about=Booked(kind=first.kind, booked_as=first.booked_as, payments=payments),
    )
    _plan_ways_back(books, payments, at=at)


def _plan_ways_back(books: Books, payments: Sequence[Payment], *, at: datetime) -> None:
    """See what will come back: as ordered, or as much as a debtor has not got."""
    short = {payment.iban: -books.balance(payment.iban) for payment in payments}
    for payment in payments:
        order = payment.in_store.get("return") or payment.in_store.get("refund")
        if order is None and payment.kind == "collection" and short[payment.iban] > 0:
            order = {"do": "return", "code": NO_FUNDS, "after_days": 1}
        if order is not None:
            short[payment.iban] -= payment.amount
            plan_return(books, payment, order, booked_on=day_of(at), now=at)


def plan_return(
    books: Books, payment: Payment, order: dict[str, Any], *, booked_on: date, now: datetime
) -> None:
    """Plan that a booked payment comes back; a return counts bank days, a refund any."""
    days = order["after_days"]
    if order["do"] == "refund":
        day = working_day_from(booked_on + timedelta(days=days))
    else:
        day = after_working_days(working_day_from(booked_on), days)
    at = max(now, opening_of(day))
    plan(books, at, "give_back", payment=payment.id, reason=order["code"])


def give_back(books: Books, *, payment: int, reason: str, at: datetime) -> None:
    """Book the opposite of a payment, once."""
    found = books.payments("id = ? AND state = 'booked'", payment)
    for each in found:
        books.move(each, to="returned")
        books.book(
            [(each.house_iban, -each.credited), (each.iban, each.credited)],
            at=at,
            about=Booked(kind=each.kind, booked_as="single", payments=[each], reason=reason),
        )


def pay_in(books: Books, order: dict[str, Any], *, at: datetime) -> None:
    """Let a stranger pay, at once."""
    payment = Payment(
        kind="incoming",
        end_to_end_id=order["end_to_end_id"],
        house_iban=order["to"],
        iban=order["iban"],
        name=order["name"],
        amount=order["amount"],
        text=order["text"],
        structured=order["structured"],
        due_at=stored(at),
    )
    books.add(payment)
    plan(books, at, "settle")
