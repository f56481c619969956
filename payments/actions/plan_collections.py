"""Announce what will be collected: one collection per bank account, of all that waits there."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from payments.actions.gather_items import gather_items
from payments.calendar import due_after_notice, local_day
from payments.chart import EUR
from payments.events.settlement import CollectionAnnounced
from payments.models import HouseAccount
from payments.settlement import settling_accounts

AT_ONCE = 5_000

# The mandate's lock keeps a second planner, and who closes it, off its bank account; an item that
# somebody claimed meanwhile has a collection, and is passed by.
PLAN = """
WITH waiting AS (
    SELECT bank_account_id FROM payments_collection_item
    WHERE collection_id IS NULL AND mode = %(mode)s
    GROUP BY bank_account_id HAVING sum(amount) > 0
), picked AS (
    SELECT mandate.id AS mandate_id, mandate.reference, mandate.bank_account_id,
        nextval(pg_get_serial_sequence('payments_collection', 'id')) AS id
    FROM payments_mandate mandate JOIN waiting ON waiting.bank_account_id = mandate.bank_account_id
    WHERE mandate.state = 'active'
    ORDER BY mandate.id LIMIT %(most)s
    FOR NO KEY UPDATE OF mandate SKIP LOCKED
), claimed AS (
    UPDATE payments_collection_item item SET collection_id = picked.id FROM picked
    WHERE item.bank_account_id = picked.bank_account_id AND item.collection_id IS NULL
    RETURNING item.collection_id AS id, item.amount
), planned AS (
    INSERT INTO payments_collection
        (id, mode, house_account_id, bank_account_id, mandate_id, amount, currency, end_to_end_id,
         attempt, announced_at, due_on, state, sequence, reason, follow_up, dunning_level)
    SELECT picked.id, %(mode)s, %(house_account)s, picked.bank_account_id, picked.mandate_id,
        sum(claimed.amount), %(currency)s, 'OKC' || picked.id, 1, %(now)s, %(due_on)s,
        'announced', '', '', '', 0
    FROM picked JOIN claimed ON claimed.id = picked.id
    GROUP BY picked.id, picked.bank_account_id, picked.mandate_id
    RETURNING id, bank_account_id, amount
)
SELECT planned.id, planned.bank_account_id, account.person_id, planned.amount, picked.reference
FROM planned
JOIN picked ON picked.id = planned.id
JOIN payments_bank_account account ON account.id = planned.bank_account_id
ORDER BY planned.id
"""


def plan_collections(*, now: datetime, actor: Actor) -> int:
    """Announce a collection for every bank account that owes something; return how many.

    It needs a mandate; without one the payments wait. What goes back to a shopper is taken off
    first. Each collection is due after the agreed notice (``payments.calendar``), of which the
    shopper hears by ``CollectionAnnounced``.
    """
    gather_items()
    return sum(_plan(account, now=now, actor=actor) for account in settling_accounts())


def _plan(account: HouseAccount, *, now: datetime, actor: Actor) -> int:
    planned = 0
    while found := _plan_some(account, now=now, actor=actor):
        planned += found
    return planned


def _plan_some(account: HouseAccount, *, now: datetime, actor: Actor) -> int:
    due_on = due_after_notice(local_day(now))
    with transaction():
        planned = call(
            PLAN,
            {
                "mode": account.mode,
                "house_account": account.pk,
                "currency": EUR,
                "now": now,
                "due_on": due_on,
                "most": AT_ONCE,
            },
        )
        for collection_id, bank_account_id, person_id, amount, reference in planned:
            announced = CollectionAnnounced(
                collection_id=collection_id,
                bank_account_id=bank_account_id,
                person_id=person_id,
                amount=amount,
                mandate=reference,
                due_on=due_on.isoformat(),
                attempt=1,
            )
            events.publish(announced, now=now, mode=account.mode)
        if planned:
            audit.record(
                actor=actor,
                action="collections_planned",
                object_type="house_account",
                object_id=account.pk,
                mode=account.mode,
                data={
                    "collections": len(planned),
                    "amount": int(sum(row[3] for row in planned)),
                    "due_on": due_on.isoformat(),
                },
            )
    return len(planned)
