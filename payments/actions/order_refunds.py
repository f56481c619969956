"""Pay back to shoppers what waited long enough: one transfer per refund."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import operator_scope
from payments.actions.expect import expect
from payments.bankfiles import pain001
from payments.bankfiles.orders import OrderRefused, OwnAccount, Transfer, batches, check
from payments.bankfiles.texts import reduced
from payments.calendar import local_day, on_or_after, settled_for_good
from payments.chart import (
    EUR,
    REFUNDS_IN_TRANSIT,
    REFUNDS_PAYABLE,
)
from payments.events.refunds import RefundOrdered
from payments.ledger import AccountRef, post
from payments.models import ExpectationKind, FileKind, HouseAccount, Refund
from payments.postings import (
    REFUND_ORDERED,
)
from payments.settlement import holder_of, keep_file, move_one, next_id, settling_accounts
from payments.states import RefundState

log = structlog.get_logger(__name__)

MOST_IN_A_FILE = 2_000
SHOP_LENGTH = 70

# Whoever comes second passes them by. Where an account is gone, or a transfer to it came back, the
# person has to choose another one first.
DUE = """
SELECT refund.id, refund.merchant_id,
    CASE WHEN refund.bank_payment_id IS NULL THEN refund.merchant_id END, refund.bank_account_id,
    refund.amount, refund.end_to_end_id, account.iban, account.holder, merchant.name
FROM payments_refund refund
JOIN parties_merchant merchant ON merchant.id = refund.merchant_id
JOIN payments_bank_account account
    ON account.id = coalesce(refund.pay_to_id, refund.bank_account_id)
    AND account.removed_at IS NULL AND (refund.attempt = 1 OR refund.pay_to_id IS NOT NULL)
LEFT JOIN payments_refund_terms terms ON terms.merchant_id = refund.merchant_id
WHERE refund.state = 'waiting' AND refund.mode = %(mode)s AND refund.id > %(after)s
    AND refund.currency = %(currency)s
    AND coalesce((
        SELECT bool_and(coalesce(
            collection.state = 'settled' AND collection.settled_on <= %(settled_through)s
            OR collection.state = 'paid'
            OR coalesce(terms.at_once, false) AND collection.state IN ('sent', 'settled'), false))
        FROM payments_debts_of(refund.payment_id, refund.mode) AS bought
        LEFT JOIN payments_collection_item item
            ON item.posting_id = bought.posting_id
            AND item.bank_account_id = refund.bank_account_id
        LEFT JOIN payments_collection collection ON collection.id = item.collection_id), true)
ORDER BY refund.id LIMIT %(most)s
FOR NO KEY UPDATE OF refund SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class _Due:
    """A refund that may go, and where to; ``told_to`` as ``models.Refund.told_to``."""

    refund_id: int
    merchant_id: int
    told_to: int | None
    bank_account_id: int
    amount: int
    end_to_end_id: str
    iban: str
    holder: str
    shop: str

    def transfer(self, due_on: date) -> Transfer:
        """Return it as the bank will read it."""
        return Transfer(
            end_to_end_id=self.end_to_end_id,
            amount=self.amount,
            name=holder_of(self.holder, self.iban),
            iban=self.iban,
            requested_on=due_on,
            text=f"OK {self.end_to_end_id} {reduced(self.shop, SHOP_LENGTH)}".strip(),
        )


def order_refunds(*, now: datetime, actor: Actor) -> list[int]:
    """Order what waits to be paid back; return the ids of the files made.

    A refund goes when its purchase was collected and the days are over in which the bank can return
    that (``payments.calendar.refund_from``), or at once where the merchant's terms say so, or where
    the shopper paid at the bank, which is final; of a sale captured in parts, once that is
    true of every part. It is booked (``refund_ordered``), expected on our account, and written into
    a file for the bank in the same transaction. The files go out by ``deliver_file``.
    """
    made = []
    for account in settling_accounts():
        after = 0
        while True:
            file_id, after = _order(account, after, now=now, actor=actor)
            if file_id is not None:
                made.append(file_id)
            if not after:
                break
    return made


def _order(
    account: HouseAccount, after: int, *, now: datetime, actor: Actor
) -> tuple[int | None, int]:
    """Make one file; return its id, if any, and the last refund looked at, 0 after the last."""
    due_on = on_or_after(local_day(now))
    with transaction():
        found = _find(account, after, now=now)
        possible = [due for due in found if _is_possible(account, due, due_on)]
        last = found[-1].refund_id if found else 0
        if not possible:
            return None, last
        file_id = next_id("payments_outgoing_file")
        message_id = f"OKR{file_id}"
        transfers = [due.transfer(due_on) for due in possible]
        batch_ids = {
            order.end_to_end_id: batch.batch_id
            for batch in batches(message_id, transfers)
            for order in batch.orders
        }
        for due, transfer in zip(possible, transfers, strict=True):
            _move(account, due, transfer, file_id, now=now)
            _book(account, due, transfer, batch_ids[due.end_to_end_id], now=now, actor=actor)
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
    return file_id, last


def _find(account: HouseAccount, after: int, *, now: datetime) -> Sequence[_Due]:
    rows = call(
        DUE,
        {
            "mode": account.mode,
            "after": after,
            "currency": EUR,
            "settled_through": settled_for_good(local_day(now)),
            "most": MOST_IN_A_FILE,
        },
    )
    return [_Due(*row) for row in rows]


def _is_possible(account: HouseAccount, due: _Due, due_on: date) -> bool:
    try:
        check(due.end_to_end_id, _debtor(account), [due.transfer(due_on)])
    except OrderRefused as refused:
        # One shopper's account must not keep all others waiting.
        log.warning("refund_impossible", refund_id=due.refund_id, code=refused.code)
        return False
    return True


def _debtor(account: HouseAccount) -> OwnAccount:
    return OwnAccount(name=account.holder, iban=account.iban)


def _move(
    account: HouseAccount, due: _Due, transfer: Transfer, file_id: int, *, now: datetime
) -> None:
    with operator_scope("settlement"):
        move_one(
            Refund.objects.filter(pk=due.refund_id),
            RefundState.ORDERED,
            house_account_id=account.pk,
            iban=transfer.iban,
            holder=transfer.name[:70],
            ordered_at=now,
            due_on=transfer.requested_on,
            outgoing_file_id=file_id,
        )


def _book(
    account: HouseAccount,
    due: _Due,
    transfer: Transfer,
    batch_id: str,
    *,
    now: datetime,
    actor: Actor,
) -> None:
    payable = AccountRef(REFUNDS_PAYABLE.kind, due.bank_account_id, EUR)
    in_transit = AccountRef(REFUNDS_IN_TRANSIT.kind, account.pk, EUR)
    post(
        kind=REFUND_ORDERED,
        reference=str(due.refund_id),
        mode=account.mode,
        entries=[(payable, -due.amount), (in_transit, due.amount)],
        now=now,
    )
    expect(
        mode=account.mode,
        house_account_id=account.pk,
        kind=ExpectationKind.REFUND,
        subject_id=due.refund_id,
        amount=-due.amount,
        currency=EUR,
        end_to_end_id=due.end_to_end_id,
        reference=due.end_to_end_id,
        iban=due.iban,
        due_on=transfer.requested_on,
        batch_id=batch_id,
        now=now,
    )
    audit.record(
        actor=actor,
        action="refund_ordered",
        object_type="refund",
        object_id=due.refund_id,
        merchant_id=due.merchant_id,
        mode=account.mode,
        data={"amount": due.amount},
    )
    ordered = RefundOrdered(
        refund_id=due.refund_id, bank_account_id=due.bank_account_id, amount=due.amount
    )
    events.publish(ordered, now=now, merchant_id=due.told_to, mode=account.mode)
