"""Pay merchants what they are owed: one payout per merchant, of what no payout held yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from payments.actions.expect import expect
from payments.actions.gather_items import gather_items
from payments.bankfiles import pain001
from payments.bankfiles.orders import OrderRefused, OwnAccount, Transfer, batches, check
from payments.calendar import Schedule, cut, local_day, on_or_after
from payments.chart import (
    EUR,
    MERCHANT_PAYABLE,
    PAYOUTS_IN_TRANSIT,
)
from payments.events.settlement import PayoutOrdered
from payments.ledger import AccountRef, post
from payments.models import ExpectationKind, FileKind, HouseAccount
from payments.postings import (
    PAYOUT_ORDERED,
)
from payments.settlement import holder_of, keep_file, next_id, settling_accounts

log = structlog.get_logger(__name__)

MOST_IN_A_FILE = 200
"""Merchants whose accounts are locked together; their sales go on, only their debits wait."""

# In the order of their accounts in the ledger, in which they are locked. Whoever has a cut to be
# paid up to has something from before it.
OWED = """
SELECT ledger.id, merchant.id, coalesce(terms.iban, merchant.iban),
    coalesce(terms.holder, merchant.name), coalesce(terms.threshold, 1), coalesce(terms.reserve, 0),
    cut.at
FROM payments_account ledger
JOIN parties_merchant merchant ON merchant.id = ledger.owner_id
LEFT JOIN payments_payout_terms terms ON terms.merchant_id = merchant.id
JOIN unnest(%(schedules)s::text[], %(cuts)s::timestamptz[]) AS cut (schedule, at)
    ON cut.schedule = coalesce(terms.schedule, 'daily')
WHERE ledger.kind = 'merchant_payable' AND ledger.asset = %(currency)s AND ledger.mode = %(mode)s
    AND ledger.id > %(after)s AND coalesce(terms.paused_reason, '') = ''
    AND EXISTS (
        SELECT FROM payments_payout_item item
        WHERE item.merchant_id = merchant.id AND item.mode = %(mode)s AND item.payout_id IS NULL
            AND item.booked_at < cut.at
    )
ORDER BY ledger.id LIMIT %(most)s
"""

# The lock that the ledger's own debits take.
HOLD = "SELECT FROM payments_account WHERE id = %s FOR NO KEY UPDATE"

# Oldest first, as many as leave the reserve: the sum up to each is looked at, because what a
# merchant owes stands between its sales and makes room again.
ORDER = """
WITH waiting AS (
    SELECT id, sum(amount) OVER oldest_first AS total, row_number() OVER oldest_first AS place
    FROM payments_payout_item
    WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND payout_id IS NULL
        AND booked_at < %(cut_at)s
    WINDOW oldest_first AS (ORDER BY booked_at, posting_id)
), last AS (
    SELECT place, total FROM waiting
    WHERE total <= (SELECT ledger_balance(%(ledger)s)) - %(reserve)s
    ORDER BY place DESC LIMIT 1
), claimed AS (
    UPDATE payments_payout_item item SET payout_id = %(payout)s
    FROM waiting, last
    WHERE item.id = waiting.id AND waiting.place <= last.place AND last.total >= %(threshold)s
    RETURNING item.amount
)
INSERT INTO payments_payout
    (id, merchant_id, mode, house_account_id, iban, holder, amount, currency, end_to_end_id,
     cut_at, ordered_at, due_on, state, outgoing_file_id, reason)
SELECT %(payout)s, %(merchant)s, %(mode)s, %(house_account)s, %(iban)s, %(holder)s, sum(amount),
    %(currency)s, %(end_to_end_id)s, %(cut_at)s, %(now)s, %(due_on)s, 'ordered', %(file)s, ''
FROM claimed HAVING count(*) > 0
RETURNING amount, (SELECT count(*) FROM claimed)
"""


@dataclass(frozen=True, slots=True)
class _Owed:
    """A merchant with something to pay, and on which terms."""

    ledger_id: int
    merchant_id: int
    iban: str
    holder: str
    threshold: int
    reserve: int
    cut_at: datetime


@dataclass(frozen=True, slots=True)
class _Ordered:
    """A payout as it was written, and its place in the file."""

    payout_id: int
    owed: _Owed
    items: int
    transfer: Transfer


def order_payouts(*, now: datetime, actor: Actor) -> list[int]:
    """Order what is due to merchants by their schedules; return the ids of the files made.

    A payout is what was booked before the schedule's cut and is in no payout yet, oldest first, as
    far as the reserve stays; nothing if that is less than the threshold. It is booked
    (``payout_ordered``), expected on our account, and written into a file for the bank in the
    same transaction. The files go out by ``deliver_file``.
    """
    gather_items()
    made = []
    for account in settling_accounts():
        after = 0
        while owed := _find(account, after, now=now):
            file_id = _order(account, owed, now=now, actor=actor)
            if file_id is not None:
                made.append(file_id)
            after = owed[-1].ledger_id
    return made


def _find(account: HouseAccount, after: int, *, now: datetime) -> Sequence[_Owed]:
    rows = call(
        OWED,
        {
            "schedules": [schedule.value for schedule in Schedule],
            "cuts": [cut(schedule, now) for schedule in Schedule],
            "currency": EUR,
            "mode": account.mode,
            "after": after,
            "most": MOST_IN_A_FILE,
        },
    )
    return [_Owed(*row) for row in rows]


def _order(
    account: HouseAccount, merchants: Sequence[_Owed], *, now: datetime, actor: Actor
) -> int | None:
    due_on = on_or_after(local_day(now))
    with transaction():
        file_id = next_id("payments_outgoing_file")
        message_id = f"OKP{file_id}"
        found = [_claim(account, one, file_id, due_on, now=now) for one in merchants]
        payouts = [one for one in found if one is not None]
        if not payouts:
            return None
        transfers = [one.transfer for one in payouts]
        batch_ids = {
            order.end_to_end_id: batch.batch_id
            for batch in batches(message_id, transfers)
            for order in batch.orders
        }
        for one in payouts:
            _book(account, one, batch_ids[one.transfer.end_to_end_id], now=now, actor=actor)
        content = pain001.write(
            message_id=message_id, created_at=now, debtor=_debtor(account), transfers=transfers
        )
        keep_file(
            file_id=file_id,
            account=account,
            kind=FileKind.TRANSFERS,
            message_id=message_id,
            content=content,
            orders=transfers,
            now=now,
        )
    return file_id


def _claim(
    account: HouseAccount, owed: _Owed, file_id: int, due_on: date, *, now: datetime
) -> _Ordered | None:
    """Write the payout and take its items; None where the terms leave nothing to pay."""
    payout_id = next_id("payments_payout")
    end_to_end_id = f"OKP{payout_id}"
    probe = _transfer(end_to_end_id, owed, 1, due_on)
    try:
        check(end_to_end_id, _debtor(account), [probe])
    except OrderRefused as refused:
        # One merchant's account must not keep all others waiting.
        log.warning("payout_impossible", merchant_id=owed.merchant_id, code=refused.code)
        return None
    call(HOLD, [owed.ledger_id])
    written = call(
        ORDER,
        {
            "merchant": owed.merchant_id,
            "mode": account.mode,
            "ledger": owed.ledger_id,
            "cut_at": owed.cut_at,
            "reserve": owed.reserve,
            "threshold": owed.threshold,
            "payout": payout_id,
            "house_account": account.pk,
            "iban": owed.iban,
            "holder": probe.name,
            "currency": EUR,
            "end_to_end_id": end_to_end_id,
            "now": now,
            "due_on": due_on,
            "file": file_id,
        },
    )
    if not written:
        return None
    amount, items = map(int, written[0])
    return _Ordered(payout_id, owed, items, _transfer(end_to_end_id, owed, amount, due_on))


def _transfer(end_to_end_id: str, owed: _Owed, amount: int, due_on: date) -> Transfer:
    return Transfer(
        end_to_end_id=end_to_end_id,
        amount=amount,
        name=holder_of(owed.holder, owed.iban)[:70],
        iban=owed.iban,
        requested_on=due_on,
        text=f"OK {end_to_end_id}",
    )


def _debtor(account: HouseAccount) -> OwnAccount:
    return OwnAccount(name=account.holder, iban=account.iban)


def _book(
    account: HouseAccount, ordered: _Ordered, batch_id: str, *, now: datetime, actor: Actor
) -> None:
    transfer, merchant_id = ordered.transfer, ordered.owed.merchant_id
    payable = AccountRef(MERCHANT_PAYABLE.kind, merchant_id, EUR)
    in_transit = AccountRef(PAYOUTS_IN_TRANSIT.kind, account.pk, EUR)
    post(
        kind=PAYOUT_ORDERED,
        reference=str(ordered.payout_id),
        mode=account.mode,
        entries=[(payable, -transfer.amount), (in_transit, transfer.amount)],
        now=now,
    )
    expect(
        mode=account.mode,
        house_account_id=account.pk,
        kind=ExpectationKind.PAYOUT,
        subject_id=ordered.payout_id,
        amount=-transfer.amount,
        currency=EUR,
        end_to_end_id=transfer.end_to_end_id,
        reference=transfer.end_to_end_id,
        iban=transfer.iban,
        due_on=transfer.requested_on,
        batch_id=batch_id,
        now=now,
    )
    audit.record(
        actor=actor,
        action="payout_ordered",
        object_type="payout",
        object_id=ordered.payout_id,
        merchant_id=merchant_id,
        mode=account.mode,
        data={"amount": transfer.amount, "items": ordered.items},
    )
    events.publish(
        PayoutOrdered(payout_id=ordered.payout_id, amount=transfer.amount, items=ordered.items),
        now=now,
        merchant_id=merchant_id,
        mode=account.mode,
    )
