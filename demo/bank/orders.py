"""How the bank misbehaves on order, and what comes in from strangers.

An order is a JSON object in ``orders/``, read once, in the order of the names. ``do`` says what:

==================  ==============================================================================
reject              pain.002 refuses the transaction before settlement: ``code``, which may be a
                    time-out (AB06)
return              its bank sends it back after settlement: ``code``, ``after_days`` (2 bank days)
refund              the debtor asks it back: ``code`` (MD06), ``after_days`` (10, at most 56)
delay               booked ``days`` (1) bank days later
silence             it happens, and no pain.002 ever tells so
false_reject        pain.002 rejects it for a time-out (``code``, AB06), yet it happens
mangle              reports show its references spoiled: ``how``, one of ``MANGLINGS`` (any)
booking             ``booked_as``: "single", "batch" (one entry, with its transactions) or
                    "bare_batch" (one entry, its transactions not told)
duplicate_file      a file goes out twice, under two names
reorder_files       a file goes out after the next one of its kind
truncate_file       a file breaks off in the middle, and comes again whole ``minutes`` (60) later
delay_file          a file goes out ``minutes`` (60) later
pay_in              a stranger pays: ``amount``, ``iban``, ``name``, ``to`` (the house account),
                    ``text``, ``structured``, ``end_to_end_id``
open                an account opens: ``iban``, ``name``, ``balance``, ``house`` (true or false)
fail_call           a call to its API does nothing, and is answered with 500: ``call``
lose_answer         a call to its API happens, and is never answered: ``call``
forget_request      a request that it has seen before is a new one to it
debit_only          of a payment it says ACSC, and never ACCC
delay_credit        an approved payment is booked ``minutes`` (60) later
==================  ==============================================================================

The first eight apply to the next ``next`` (1) transactions that have all of the given
``end_to_end_id``, ``iban`` (of the other side), ``amount`` (cents) and ``kind`` ("collection" or
"payout"); the four on files to the next ``next`` files whose kind begins with ``file``
("camt.053"). With an ``end_to_end_id`` an order also reaches a transaction the bank has already:
rejects, delays, bookings and manglings while it waits, returns and refunds for as long as it has
not come back. The last five apply to the next ``next`` calls, of the kind ``call`` ("initiate",
"status", "names" or any) where they say so. Codes are those of ``REASONS``.

Without any order one thing goes wrong by itself: what a debtor has not got comes back (AM04) on the
next bank day.
"""

import json
from collections.abc import Mapping
from typing import Any

from demo.bank.books import Books, Payment
from demo.bank.mangling import MANGLINGS
from demo.bank.values import is_iban

REASONS = {
    "AC01", "AC04", "AC06", "AG01", "AM04", "AM05", "BE05", "MD01", "MD06", "MD07", "MS02",
    "MS03", "RC01", "RR04", "SL01",
}  # fmt: skip
"""Why a transaction is refused or comes back (EPC 173-14, the codes of SEPA's R-transactions)."""

TIMEOUTS = {"AB05", "AB06", "AB07", "AB08"}
REFUND_DAYS = 56
WHICH = {"end_to_end_id": "", "iban": "", "amount": 0, "kind": "", "next": 1}
FILES = {"file": "", "next": 1}

TRANSACTIONS: dict[str, dict[str, Any]] = {
    "reject": {"code": "AC04"},
    "return": {"code": "AM04", "after_days": 2},
    "refund": {"code": "MD06", "after_days": 10},
    "delay": {"days": 1},
    "silence": {},
    "false_reject": {"code": "AB06"},
    "mangle": {"how": ""},
    "booking": {"booked_as": "single"},
}
LETTERS: dict[str, dict[str, Any]] = {
    "duplicate_file": {},
    "reorder_files": {},
    "truncate_file": {"minutes": 60},
    "delay_file": {"minutes": 60},
}
AT_ONCE: dict[str, dict[str, Any]] = {
    "pay_in": {
        "amount": 0, "iban": "", "name": "", "to": "",
        "text": "", "structured": "", "end_to_end_id": "",
    },
    "open": {"iban": "", "name": "", "balance": 0, "house": False},
}  # fmt: skip
CALLS: dict[str, dict[str, Any]] = {"fail_call": {"call": ""}, "lose_answer": {"call": ""}}
INITIATIONS: dict[str, dict[str, Any]] = {
    "forget_request": {},
    "debit_only": {},
    "delay_credit": {"minutes": 60},
}
FORMS = {
    **{does: {"next": 1, **form} for does, form in {**CALLS, **INITIATIONS}.items()},
    **{does: {**WHICH, **form} for does, form in TRANSACTIONS.items()},
    **{does: {**FILES, **form} for does, form in LETTERS.items()},
    **AT_ONCE,
}
LARGEST = 999_999_999_99
LIMITS = {
    "after_days": 400, "days": 400, "minutes": 400 * 24 * 60,
    "amount": LARGEST, "balance": LARGEST, "next": 1_000_000,
}  # fmt: skip
LONGEST = {"end_to_end_id": 35, "structured": 35, "text": 140, "name": 70}


class OrderRefused(ValueError):  # noqa: N818 -- the bank refuses it
    """An order that the bank does not understand, with the reason."""


def read_order(content: bytes) -> dict[str, Any]:
    """Read an order and fill in what it leaves open; raises ``OrderRefused``."""
    try:
        given = json.loads(content)
    except ValueError as error:
        raise OrderRefused(f"This is no JSON: {error}") from error
    if not isinstance(given, dict) or str(given.get("do")) not in FORMS:
        raise OrderRefused(f'An order is an object whose "do" is one of {", ".join(FORMS)}.')
    form = {"do": "", **FORMS[given["do"]]}
    for name, value in given.items():
        if name not in form:
            raise OrderRefused(f"{given['do']} knows no {name}.")
        if type(value) is not type(form[name]):
            raise OrderRefused(f"{name} is a {type(form[name]).__name__}, not {value!r}.")
    order = {**form, **given}
    _require_sense(order)
    return order


def _require_sense(order: Mapping[str, Any]) -> None:
    does = order["do"]
    refusing = {"false_reject": TIMEOUTS, "reject": REASONS | TIMEOUTS}
    codes = sorted(refusing.get(does, REASONS))
    rules = {
        f"code is one of {', '.join(codes)}.": order.get("code", codes[0]) in codes,
        f"after_days of a refund is 0 to {REFUND_DAYS}.": does != "refund"
        or order["after_days"] <= REFUND_DAYS,
        f"numbers are 0 to {LIMITS}.": all(
            0 <= order.get(name, 0) <= limit for name, limit in LIMITS.items()
        ),
        "next is at least 1.": order.get("next", 1) >= 1,
        "kind is collection or payout.": order.get("kind", "") in ("", "collection", "payout"),
        f"how is one of {', '.join(MANGLINGS)}.": order.get("how", "") in ("", *MANGLINGS),
        "booked_as is single, batch or bare_batch.": order.get("booked_as", "single")
        in ("single", "batch", "bare_batch"),
        "call is initiate, status or names.": order.get("call", "")
        in ("", "initiate", "status", "names"),
        "iban is a right IBAN.": _is_right(order, "iban"),
        "to is a right IBAN.": _is_right(order, "to"),
        "amount is above zero.": does != "pay_in" or order["amount"] > 0,
        f"texts are no longer than {LONGEST}.": all(
            len(order.get(name, "")) <= length for name, length in LONGEST.items()
        ),
    }
    for sentence, holds in rules.items():
        if not holds:
            raise OrderRefused(sentence)


def _is_right(order: Mapping[str, Any], name: str) -> bool:
    given = order.get(name, "")
    is_needed = order["do"] in AT_ONCE
    return is_iban(given) if given or (is_needed and name in order) else True


def remember(books: Books, order: Mapping[str, Any]) -> None:
    """Keep an order in force for what is still to come."""
    books.change(
        "INSERT INTO mischief (does, remaining, data) VALUES (?, ?, ?)",
        order["do"],
        order["next"],
        json.dumps(order, sort_keys=True),
    )


def fits(order: Mapping[str, Any], payment: Payment) -> bool:
    """Say whether an order means this transaction."""
    asked = [name for name, nothing in WHICH.items() if name != "next" and order[name] != nothing]
    return all(order[name] == getattr(payment, name) for name in asked)


def fate_of(books: Books, payment: Payment) -> dict[str, dict[str, Any]]:
    """Say what is in store for a transaction that has come, using up those orders."""
    fate: dict[str, dict[str, Any]] = {}
    for number, order in _in_force(books, TRANSACTIONS):
        if order["do"] not in fate and fits(order, payment):
            fate[order["do"]] = order
            _use(books, number)
    return fate


def fate_of_file(books: Books, kind: str) -> dict[str, Any] | None:
    """Say what shall happen to a file on its way out, using up that order."""
    for number, order in _in_force(books, LETTERS):
        if kind.startswith(order["file"]):
            _use(books, number)
            return order
    return None


def fate_of_call(books: Books, call: str) -> str:
    """Say what shall happen to a call of this kind ("fail_call"), using up that order."""
    for number, order in _in_force(books, CALLS):
        if order["call"] in ("", call):
            _use(books, number)
            return str(order["do"])
    return ""


def use_order(books: Books, does: str) -> dict[str, Any] | None:
    """Return the first order in force that does this, using it up; None if there is none."""
    for number, order in _in_force(books, {does: None}):
        _use(books, number)
        return order
    return None


def _in_force(books: Books, which: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    found = books.rows("SELECT id, does, data FROM mischief WHERE remaining > 0 ORDER BY id")
    return [(row["id"], json.loads(row["data"])) for row in found if row["does"] in which]


def _use(books: Books, number: int) -> None:
    books.change("UPDATE mischief SET remaining = remaining - 1 WHERE id = ?", number)
