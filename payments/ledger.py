"""The door to the ledger: book a posting, open an account.

Amounts are integers in the asset's minor unit; positive means that OK owes the holder
(``payments.chart``). The engine is PostgreSQL's function ``ledger_post_for``
(``migrations/sql/ledger.sql``), which other functions may call inside their own statement; here
it is for Python. Both do the same: one call, Σ = 0 per asset, booked once per kind, reference and
mode, floors held.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.errors import Refusal
from payments.chart import KINDS

POST = "SELECT ledger_post_for(%s, %s, %s, %s, %s, %s, %s::bigint[], %s, %s::bigint[])"
OPEN = "SELECT ledger_open(%s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account by name: a kind of the chart, its owner's primary key, and the asset."""

    kind: str
    owner_id: int
    asset: str

    @property
    def owner_type(self) -> str:
        """Return whose kind of account it is; raises ``KeyError`` for what is not in the chart."""
        return KINDS[self.kind].owner.value


class BalanceTooLow(Refusal):
    """An account would go below its floor; ``account_id`` says which."""

    code = "balance_too_low"
    sentence = _("There is not enough left for this. Nothing was booked.")


class PostingDiffers(Refusal):
    """Something of this name was booked before, with other lines."""

    code = "posting_differs"
    sentence = _("This was booked before with other amounts. Nothing was booked now.")


class UnbalancedError(ValueError):
    """A programming mistake: the lines do not sum to zero in each asset, or one of them is zero."""


@transaction_required
def post(
    *,
    kind: str,
    reference: str,
    mode: str,
    entries: Sequence[tuple[AccountRef, int]],
    now: datetime,
) -> int:
    """Book a posting and return its id; accounts are opened where they do not exist.

    ``kind`` and ``reference`` say what happened to what ("sale_paid", the sale's id). A repeated
    call books nothing and returns the first one's id. Raises ``BalanceTooLow``,
    ``PostingDiffers`` or ``UnbalancedError``; the transaction can then only be rolled back.
    """
    refs = [ref for ref, _amount in entries]
    with refusing():
        rows = call(
            POST,
            [
                kind,
                reference,
                mode,
                now,
                [ref.kind for ref in refs],
                [ref.owner_type for ref in refs],
                [ref.owner_id for ref in refs],
                [ref.asset for ref in refs],
                [amount for _ref, amount in entries],
            ],
        )
    return int(rows[0][0])


@transaction_required
def open_account(ref: AccountRef, *, mode: str) -> int:
    """Find an account, or open it with the floor of its kind; return its id."""
    return int(call(OPEN, [ref.kind, ref.owner_type, ref.owner_id, ref.asset, mode])[0][0])


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the ledger's functions refuse into refusals; any other error passes."""
    try:
        yield
    except DatabaseError as error:
        _refuse(error)


def _refuse(error: DatabaseError) -> NoReturn:
    code = getattr(error.__cause__, "pgcode", None)
    if code == "OK101":
        diagnostics = getattr(error.__cause__, "diag", None)
        raise BalanceTooLow(account_id=int(diagnostics.message_detail)) from error  # type: ignore[union-attr]
    if code == "OK102":
        raise PostingDiffers from error
    if code == "OK103":
        raise UnbalancedError(str(error)) from error
    raise error
