"""Whether a code may pay from a bank account, kept where the sale looks: beside the account."""

from datetime import datetime

from okplatform.kernel.db import call, transaction_required

HOLD = "SELECT FROM payments_bank_account WHERE id = %s FOR NO KEY UPDATE"
KEEP = """
UPDATE payments_bank_account account SET ready_at = CASE
    WHEN proved_at IS NOT NULL AND removed_at IS NULL AND EXISTS (
        SELECT FROM payments_mandate WHERE bank_account_id = account.id AND state = 'active')
    THEN coalesce(ready_at, %(now)s::timestamptz) END
WHERE id = %(account)s
"""


@transaction_required
def hold_account(bank_account_id: int) -> None:
    """Lock a bank account, as every action must that changes what it may: before its mandate."""
    call(HOLD, [bank_account_id])


@transaction_required
def keep_ready(bank_account_id: int, *, now: datetime) -> None:
    """Write down whether codes may pay from an account: on the list, proved and signed for.

    The last part of each action that changes one of these; PostgreSQL refuses a commit without it.
    """
    hold_account(bank_account_id)
    call(KEEP, {"account": bank_account_id, "now": now})
