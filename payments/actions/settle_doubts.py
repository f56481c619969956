"""Let the bank's statements say of transfers in doubt that they did not happen."""

from datetime import datetime, timedelta

import structlog

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call
from payments.actions.give_up_transfer import LineMayBeIt, TransferNotInDoubt, give_up_transfer
from payments.calendar import is_business_day, local_day
from payments.doubts import Doubted, transfers_in_doubt
from payments.models import Evidence

log = structlog.get_logger(__name__)

# Every day stands on a statement, and each begins with what the one before it ended with.
COVERED = """
WITH told AS (
    SELECT statement.id, first_day, last_day, opening, closing
    FROM payments_bank_statement statement
    JOIN payments_house_account account
        ON account.id = statement.house_account_id AND account.statement_kind = statement.kind
    WHERE account.id = %(account)s AND last_day >= %(first)s
)
SELECT NOT EXISTS (
    SELECT FROM unnest(%(days)s::date[]) AS day
    WHERE NOT EXISTS (SELECT FROM told WHERE day BETWEEN told.first_day AND told.last_day)
) AND NOT EXISTS (
    SELECT FROM (
        SELECT opening, lag(closing) OVER (ORDER BY last_day, id) AS closed_before FROM told
    ) AS following
    WHERE opening <> closed_before
)
"""


def settle_doubts(*, now: datetime, actor: Actor) -> int:
    """Give up every transfer that the bank's statements show not to have happened; say how many.

    That is certain when each business day, from the day on which it was to be taken from our
    account to some days after the bank timed out (``payments.calendar.certain_on``), stands on a
    statement without it, and no line may still turn out to be it. Where a bank leaves out the
    statements of quiet days, a person decides (``give_up_transfer``).
    """
    given_up = 0
    for doubted in transfers_in_doubt():
        if doubted.certain_on >= local_day(now) or not _is_covered(doubted):
            continue
        try:
            give_up_transfer(
                kind=doubted.kind,
                transfer_id=doubted.id,
                evidence=Evidence.STATEMENT,
                now=now,
                actor=actor,
            )
        except (LineMayBeIt, TransferNotInDoubt) as refusal:
            log.info("stays_in_doubt", transfer=doubted.end_to_end_id, code=refusal.code)
        else:
            given_up += 1
    return given_up


def _is_covered(doubted: Doubted) -> bool:
    first = doubted.due_on
    length = (doubted.certain_on - first).days + 1
    days = [first + timedelta(days=number) for number in range(length)]
    facts = {
        "account": doubted.house_account_id,
        "first": first,
        "days": [day for day in days if is_business_day(day)],
    }
    return bool(call(COVERED, facts)[0][0])
