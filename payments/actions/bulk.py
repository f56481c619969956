"""Expect many bank lines at once: the twin of ``expect`` for a batch, with every constraint."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from okplatform.kernel import db
from okplatform.trade.copying import copy_rows, escaped
from payments.models import ExpectationKind, ExpectationState
from payments.references import normalised

COLUMNS = (
    "mode, house_account_id, kind, subject_id, amount, outstanding, currency, end_to_end_id,"
    " reference, normalised_reference, iban, batch_id, due_on, state, reason, expected_at"
)


class Expected(NamedTuple):
    """A bank line that we expect, as ``expect`` takes it."""

    kind: ExpectationKind
    subject_id: int
    amount: int
    end_to_end_id: str
    reference: str
    iban: str
    due_on: date
    batch_id: str = ""


@db.transaction_required
def expect_many(
    *,
    mode: str,
    house_account_id: int,
    currency: str,
    expected: Iterable[Expected],
    now: datetime,
) -> None:
    """Expect lines on one of our accounts; PostgreSQL refuses them all for one it refuses."""
    copy_rows(
        "payments_expectation",
        COLUMNS,
        _rows(expected, f"{mode}\t{house_account_id}", currency, now.isoformat()),
    )


def _rows(expected: Iterable[Expected], whose: str, currency: str, at: str) -> Iterator[str]:
    for one in expected:
        yield (
            f"{whose}\t{one.kind.value}\t{one.subject_id}\t{one.amount}\t{one.amount}\t{currency}\t"
            f"{escaped(one.end_to_end_id)}\t{escaped(one.reference)}\t{normalised(one.reference)}\t"
            f"{one.iban}\t{escaped(one.batch_id)}\t{one.due_on}\t{ExpectationState.OPEN.value}\t\t"
            f"{at}\n"
        )
