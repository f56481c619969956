"""The door to the ledger: book a posting, open an account.

Amounts are integers in the asset's minor unit; positive means that OK owes the holder
(``payments.chart``). The engine is PostgreSQL's function ``ledger_post_for``
(``migrations/sql/ledger.sql``), which other functions may call inside their own statement; here
it is for Python. Both do the same: one call, Σ = 0 per asset, booked once per kind, reference and
mode, floors held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import call, later, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.later import Later, Refusals
from payments.chart import KINDS

POST = "ledger_post_for(%s, %s, %s, %s, %s, %s, %s::bigint[], %s, %s::bigint[])"
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


LEDGER_REFUSALS: Refusals = {
    "OK101": lambda account: BalanceTooLow(account_id=int(account or 0)),
    "OK102": lambda _detail: PostingDiffers(),
    "OK103": lambda _detail: UnbalancedError("The lines do not sum to zero in each asset."),
}
"""What the ledger's functions refuse, by SQLSTATE."""


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
    posting: Later[int] = later(
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
        refusals=LEDGER_REFUSALS,
    )
    return posting.value


@transaction_required
def open_account(ref: AccountRef, *, mode: str) -> int:
    """Find an account, or open it with the floor of its kind; return its id."""
    return int(call(OPEN, [ref.kind, ref.owner_type, ref.owner_id, ref.asset, mode])[0][0])
