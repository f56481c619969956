"""Forget whose points waited, once nobody may claim them any more, and files nobody decided on."""

from datetime import datetime

from loyalty.balance_files import plain_email
from loyalty.balance_keys import key_of
from loyalty.models.balance import FILE_STAYS
from okplatform.kernel import db
from okplatform.parties.queries import proved_address

DROP = """
UPDATE loyalty_balance_import SET state = 'dropped', locked = NULL, ended_at = %(now)s
WHERE state = 'open' AND read_at <= %(before)s RETURNING id
"""
DELETE = """
DELETE FROM loyalty_waiting_balance WHERE forget_at <= %(now)s AND move_id IS NULL RETURNING id
"""
BLANK = """
UPDATE loyalty_waiting_balance SET card_key = NULL, email_key = NULL
WHERE forget_at <= %(now)s AND num_nonnulls(card_key, email_key) > 0 RETURNING id
"""
BLANK_MINE = """
UPDATE loyalty_waiting_balance waiting SET card_key = NULL, email_key = NULL
FROM loyalty_points_move move JOIN loyalty_member member ON member.id = move.member_id
WHERE move.id = waiting.move_id AND member.person_id = %s
"""
MERCHANTS = "SELECT DISTINCT merchant_id FROM loyalty_balance_import WHERE state = 'done'"
DELETE_MINE = """
DELETE FROM loyalty_waiting_balance WHERE move_id IS NULL AND email_key = ANY(%s)
"""


def forget_balances(*, now: datetime) -> int:
    """Delete what waited too long, the keys of what was claimed, and files left open.

    Returns how many rows changed. It may run twice, or side by side.
    """
    said = {"now": now, "before": now - FILE_STAYS}
    with db.transaction():
        return sum(len(db.call(statement, said)) for statement in (DROP, DELETE, BLANK))


@db.transaction_required
def forget_balances_of(*, person_id: int) -> None:
    """Let go of what waits under a person's address, and of what tells theirs: leaving's part."""
    db.call(BLANK_MINE, (person_id,))
    if keys := keys_of_address(person_id):
        db.call(DELETE_MINE, (keys,))


def keys_of_address(person_id: int) -> list[bytes | None]:
    """Return what a person's proved address is called in each merchant's waiting balances."""
    address = proved_address(person_id)
    if address is None:
        return []
    plain = plain_email(address)
    return [key_of(merchant_id, "email", plain) for (merchant_id,) in db.call(MERCHANTS)]
