"""What the actions of settlement share: an account of ours, moves of state, files kept."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from okplatform.kernel.db import call, transaction_required
from payments.bankfiles.orders import NAME, Order
from payments.bankfiles.texts import reduced
from payments.calendar import local_day
from payments.chart import EUR
from payments.models import FileKind, HouseAccount, OutgoingFile
from payments.states import MoveNotAllowedError, State, sources

NEXT_ID = "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"


def settling_accounts() -> QuerySet[HouseAccount]:
    """Return the account that settlement uses in each mode: the first that was opened."""
    return HouseAccount.objects.filter(currency=EUR).order_by("mode", "pk").distinct("mode")


def next_id(table: str) -> int:
    """Take the primary key of a row to come, for what is named after it."""
    return int(call(NEXT_ID, [table])[0][0])


def holder_of(name: str, iban: str) -> str:
    """Return the name that a bank file gives an account; one it cannot write is its number."""
    return name if reduced(name, NAME) else iban


@transaction_required
def move(rows: QuerySet[Any], target: State, **changes: Any) -> int:
    """Move those rows that may move to this state; return how many did.

    Whoever comes second moves none: the state is looked at in the same statement.
    """
    return rows.filter(state__in=sources(target)).update(state=target.value, **changes)


@transaction_required
def move_one(rows: QuerySet[Any], target: State, **changes: Any) -> None:
    """Move one row that must be able to; raises ``MoveNotAllowedError``."""
    if move(rows, target, **changes) != 1:
        message = f"{rows.model.__name__}: nothing there that may move to {target}"
        raise MoveNotAllowedError(message)


@transaction_required
def keep_file(
    *,
    file_id: int,
    account: HouseAccount,
    kind: FileKind,
    message_id: str,
    content: bytes,
    orders: Sequence[Order],
    now: datetime,
) -> None:
    """Keep a file for the bank as it will go there, under a name that no other file has."""
    OutgoingFile.objects.create(
        pk=file_id,
        house_account=account,
        mode=account.mode,
        kind=kind,
        name=f"{message_id}-{kind}-{local_day(now):%Y%m%d}.xml",
        message_id=message_id,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        transactions=len(orders),
        total=sum(order.amount for order in orders),
        made_at=now,
    )
