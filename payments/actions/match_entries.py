"""Find what the lines of a statement came for, book them, and tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel import audit, nudge, tracing
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import after_commit, call, transaction
from okplatform.kernel.events import subscriptions
from okplatform.trade.copying import copy_rows
from payments.chart import (
    CLIENT_MONEY,
    IN_TRANSIT,
)
from payments.events.expectations import ExpectationFulfilled, ExpectationReturned
from payments.ledger import AccountRef, open_account
from payments.matching import results, rules
from payments.models import BankStatement, HouseAccount
from payments.postings import (
    BANK_LINE,
)
from payments.references import words

PAGE_LINES = 5_000


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of a statement's lines: how many were matched, and how many wait for a person."""

    matched: int
    queued: int


def match_entries(*, statement_id: int, now: datetime, actor: Actor) -> Matched:
    """Match the queued lines of a statement by the rules of ``payments.matching.rules``.

    Each matched line is booked, and each expectation that it fulfils or returns is told of. What is
    not certain stays in the work queue, with suggestions. May be called again: it tries what is
    still queued, perhaps against expectations that have come since.
    """
    with transaction():
        statement = BankStatement.objects.get(pk=statement_id)
        # One at a time decides about an account: here, in decide_entry and in unexpect.
        account = HouseAccount.objects.select_for_update(no_key=True).get(
            pk=statement.house_account_id
        )
        call(rules.BEGIN, {"statement": statement_id})
        _point()
        for rule in rules.RULES:
            call(rule)
        _settle(account, now=now)
        result = Matched(*call(results.COUNT)[0])
        call(rules.END)
        audit.record(
            actor=actor,
            action="bank_statement_matched",
            object_type="bank_statement",
            object_id=statement_id,
            mode=statement.mode,
            data={"matched": result.matched, "queued": result.queued},
        )
    return result


def _point() -> None:
    """Find the expectations that lines name, by the strongest rule that finds any."""
    call(rules.BY_END_TO_END_ID)
    call(rules.BY_STRUCTURED_REFERENCE)
    after = 0
    while page := call(rules.TEXTS, {"after": after, "limit": PAGE_LINES}):
        copy_rows("match_word", "line, digits, word", _words(page))
        after = page[-1][0]
    call(rules.BY_REFERENCE)


def _words(page: list[tuple[int, str, str, str]]) -> Iterator[str]:
    for line, *texts in page:
        found = {word for text in texts for word in words(text)}
        for digits, word in found:
            yield f"{line}\t{digits}\t{word}\n"


def _settle(account: HouseAccount, *, now: datetime) -> None:
    """Write down what was decided, book it and tell it; say of the rest why it waits."""
    accounts = {
        kind: open_account(AccountRef(line.kind, account.pk, account.currency), mode=account.mode)
        for kind, line in {**IN_TRANSIT, CLIENT_MONEY.kind: CLIENT_MONEY}.items()
    }
    call(results.TAKE_FROM_QUEUE)
    call(results.KEEP_MATCHES)
    call(results.SETTLE_EXPECTATIONS, {"now": now})
    call(
        results.BOOK,
        {
            "posting_kind": BANK_LINE,
            "now": now,
            "bank": accounts[CLIENT_MONEY.kind],
            "kinds": list(IN_TRANSIT),
            "transit": [accounts[kind] for kind in IN_TRANSIT],
        },
    )
    _tell(mode=account.mode, now=now)
    for statement in (results.FORGET_SUGGESTIONS, results.SUGGEST, results.DOUBT):
        call(statement)


def _tell(*, mode: str, now: datetime) -> None:
    """Publish what became of each expectation, fulfilled before returned.

    By SQL over the whole set: a hundred thousand events are too many to pass through Python.
    """
    for event, statement in (
        (ExpectationFulfilled, results.TELL_FULFILLED),
        (ExpectationReturned, results.TELL_RETURNED),
    ):
        waiting = [event.type] if subscriptions(event.type) else []
        call(
            statement,
            {
                "type": event.type,
                "aggregate_type": event.aggregate_type,
                "mode": mode,
                "trace_id": tracing.current_trace_id(),
                "now": now,
                "subscribed": waiting,
            },
        )
        if waiting:
            after_commit(nudge.nudge)
