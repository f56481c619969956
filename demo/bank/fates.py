"""What orders do to a payment: to one that comes in, and to one the bank has already."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from demo.bank.agenda import plan
from demo.bank.books import Books, Payment
from demo.bank.clock import after_working_days, day_of, opening_of
from demo.bank.orders import fits, remember
from demo.bank.settling import plan_return
from demo.bank.status import ACCEPTED, CREDITED, REJECTED, Answer
from demo.bank.values import stored

Fate = dict[str, dict[str, Any]]
Refuse = Callable[[Payment, str], None]
"""Tells OK with a pain.002 of its own that a payment is rejected after all."""

WHILE_WAITING = {"reject", "delay", "booking", "mangle", "return", "refund"}
ONCE_BOOKED = {"return", "refund"}


def destined(payment: Payment, fate: Fate, *, at: datetime) -> tuple[Payment, Answer | None]:
    """Return a payment that comes in as its fate makes it, and what pain.002 says of it."""
    payment = _changed(payment, fate)
    id_ = payment.end_to_end_id
    if "reject" in fate:
        return replace(payment, state="rejected"), Answer(id_, REJECTED, fate["reject"]["code"])
    if "silence" in fate:
        return payment, None
    if "false_reject" in fate:
        return payment, Answer(id_, REJECTED, fate["false_reject"]["code"])
    is_there = payment.is_instant and payment.due_at <= stored(at)
    return payment, Answer(id_, CREDITED if is_there else ACCEPTED)


def _changed(payment: Payment, fate: Fate) -> Payment:
    due_at, booked_as = payment.due_at, payment.booked_as
    if "delay" in fate:
        day = day_of(datetime.fromisoformat(due_at))
        due_at = stored(opening_of(after_working_days(day, fate["delay"]["days"])))
    if "booking" in fate:
        booked_as = fate["booking"]["booked_as"]
    fate = {**payment.in_store, **fate}
    told = json.dumps(fate, sort_keys=True)
    return replace(payment, due_at=due_at, booked_as=booked_as, fate=told)


def give(books: Books, order: Mapping[str, Any], *, refuse: Refuse, at: datetime) -> None:
    """Apply an order to the payments it names, or keep it for those still to come."""
    reached = _reached(books, order)
    for payment in reached:
        _meet(books, payment, dict(order), refuse=refuse, at=at)
    if not reached:
        remember(books, order)


def _reached(books: Books, order: Mapping[str, Any]) -> list[Payment]:
    if not order.get("end_to_end_id"):
        return []
    states = {
        *(["waiting"] if order["do"] in WHILE_WAITING else []),
        *(["booked"] if order["do"] in ONCE_BOOKED else []),
    }
    named = books.payments("end_to_end_id = ?", order["end_to_end_id"])
    fitting = [each for each in named if each.state in states and fits(order, each)]
    return fitting[: order["next"]]


def _meet(
    books: Books, payment: Payment, order: dict[str, Any], *, refuse: Refuse, at: datetime
) -> None:
    if payment.state == "booked":
        (booked_on,) = books.rows(
            "SELECT min(booked_on) FROM entry JOIN part ON part.entry = entry.id"
            " WHERE part.payment = ?",
            payment.id,
        )[0]
        day = datetime.fromisoformat(booked_on).date()
        plan_return(books, payment, order, booked_on=day, now=at)
    elif order["do"] == "reject":
        books.move(payment, to="rejected")
        refuse(payment, order["code"])
    else:
        changed = _changed(payment, {order["do"]: order})
        books.change(
            "UPDATE payment SET due_at = ?, booked_as = ?, fate = ? WHERE id = ?",
            changed.due_at,
            changed.booked_as,
            changed.fate,
            payment.id,
        )
        plan(books, datetime.fromisoformat(changed.due_at), "settle")
