"""A second bookkeeping: every posting of the ledger added up again, in Python.

It reads what was booked, never a balance, and so knows what each balance must be.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from demo.simulate.breaches import Breach
from okplatform.kernel.db import call
from payments.chart import (
    MEMBER_POINTS,
    MERCHANT_PAYABLE,
)
from payments.postings import (
    PART_CAPTURED,
    REFUND_OWED,
    SALE_PAID,
)

POINTS_EARNED, POINTS_REVERSED = "points_earned", "points_reversed"
ONCE = {SALE_PAID, POINTS_EARNED}

NEW_POSTINGS = """
SELECT posting.id, posting.kind, sale.uuid, online.uuid, coalesce(account.id, 0), account.kind,
    account.owner_id, account.asset, account.floor, entry.amount
FROM payments_posting posting
LEFT JOIN payments_entry entry
    ON entry.xid = posting.xid AND entry.posting_id = posting.id
LEFT JOIN payments_account account ON account.id = entry.account_id
LEFT JOIN trade_sale sale ON sale.id = CASE
    WHEN posting.kind IN ('sale_paid', 'part_captured')
        THEN payments_sale_of(posting.kind, posting.reference)
    WHEN posting.kind = 'points_earned' THEN posting.reference::bigint
    WHEN posting.kind = 'refund_owed' THEN (
        SELECT payment_id FROM payments_refund WHERE id = posting.reference::bigint)
    WHEN posting.kind = 'points_reversed' THEN (
        SELECT sale_id FROM trade_return WHERE id = posting.reference::bigint) END
LEFT JOIN merchants_online_payment online ON online.sale_id = sale.id
WHERE posting.id > %s ORDER BY posting.id, entry.number
"""

BALANCES = "SELECT id, ledger_balance(id) FROM payments_account WHERE id = ANY(%s)"


class Line(NamedTuple):
    """An entry as the ledger has it, with its posting and its account."""

    posting_id: int
    posting_kind: str
    sale: UUID | None
    payment: UUID | None
    account_id: int
    account_kind: str
    owner_id: int
    asset: str
    floor: int | None
    amount: int


class Account(NamedTuple):
    """Whose account it is."""

    kind: str
    owner_id: int
    asset: str


class Books:
    """All that was booked so far, by account, by sale, and by what it was for."""

    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self.balances: Counter[int] = Counter()
        self.totals: Counter[tuple[str, str]] = Counter()
        """What each kind of posting moved on each kind of account."""
        self.paid: Counter[UUID] = Counter()
        self.payments: dict[UUID, UUID] = {}
        """Which payment a sale is of that was paid online."""
        self.captured: Counter[UUID] = Counter()
        """What was booked of each payment online, whole or in parts."""
        self.points: Counter[UUID] = Counter()
        self.given_back: Counter[UUID] = Counter()
        self.points_taken: Counter[UUID] = Counter()
        self._through = 0

    def follow(self) -> set[UUID]:
        """Add what was booked since the last time; return the sales that it was about.

        Raises ``Breach`` for a posting that does not sum to zero, an account below its floor, a
        sale that is booked twice, and a balance that the ledger gives differently.
        """
        sales: set[UUID] = set()
        changed: dict[int, int | None] = {}
        for posting_id, lines in groupby(self._new(), key=lambda line: line.posting_id):
            self._through = posting_id
            posting = list(lines)
            self._add(posting)
            changed.update({line.account_id: line.floor for line in posting})
            sales.update(line.sale for line in posting if line.sale is not None)
        for account_id, floor in changed.items():
            if floor is not None and self.balances[account_id] < floor:
                message = f"{self.accounts[account_id]} is below its floor of {floor}."
                raise Breach(message)
        self.compare(changed)
        return sales

    def compare(self, account_ids: Iterable[int] | None = None) -> None:
        """Ask the ledger for balances, all of them unless some are named, and compare."""
        asked = list(self.balances if account_ids is None else account_ids)
        if not asked:
            return
        for account_id, balance in call(BALANCES, [asked]):
            if balance != self.balances[account_id]:
                message = (
                    f"{self.accounts[account_id]} holds {balance} by the ledger; its entries sum"
                    f" to {self.balances[account_id]}."
                )
                raise Breach(message)

    def held(self, kind: str) -> int:
        """Return what all accounts of a kind hold together."""
        return sum(
            balance
            for account_id, balance in self.balances.items()
            if self.accounts[account_id].kind == kind
        )

    def _new(self) -> Iterator[Line]:
        for row in call(NEW_POSTINGS, [self._through]):
            yield Line(*row)

    def _add(self, posting: list[Line]) -> None:
        sums: dict[str, int] = defaultdict(int)
        for line in posting:
            if not line.account_id:
                message = f"Posting {line.posting_id} ({line.posting_kind}) has no entries."
                raise Breach(message)
            sums[line.asset] += line.amount
            account = Account(line.account_kind, line.owner_id, line.asset)
            self.accounts[line.account_id] = account
            self.balances[line.account_id] += line.amount
            self.totals[line.posting_kind, line.account_kind] += line.amount
            self._add_to_sale(line)
        if any(sums.values()):
            message = f"Posting {posting[0].posting_id} sums to {dict(sums)}."
            raise Breach(message)

    def held_by(self, kind: str) -> dict[int, int]:
        """Return what each account of a kind holds, by its owner."""
        return {
            account.owner_id: self.balances[account_id]
            for account_id, account in self.accounts.items()
            if account.kind == kind
        }

    def _add_to_sale(self, line: Line) -> None:
        if line.sale is None:
            return
        kind = (line.posting_kind, line.account_kind)
        counted, sign = {
            (SALE_PAID, MERCHANT_PAYABLE.kind): (self.paid, 1),
            (PART_CAPTURED, MERCHANT_PAYABLE.kind): (self.paid, 1),
            (POINTS_EARNED, MEMBER_POINTS.kind): (self.points, 1),
            (REFUND_OWED, MERCHANT_PAYABLE.kind): (self.given_back, -1),
            (POINTS_REVERSED, MEMBER_POINTS.kind): (self.points_taken, -1),
        }.get(kind, (None, 0))
        if counted is None:
            return
        if line.posting_kind in ONCE and line.sale in counted:
            message = f"Sale {line.sale} is booked twice ({line.posting_kind})."
            raise Breach(message)
        counted[line.sale] += sign * line.amount
        if counted is self.paid and line.payment is not None:
            self.payments[line.sale] = line.payment
            self.captured[line.payment] += line.amount
