"""Points of other programmes that wait for their member, and the files they came in."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from loyalty.balance_files import plain_email
from loyalty.balance_keys import key_of
from loyalty.models import BalanceImport, ImportState
from okplatform.kernel import db
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.queries import proved_address

_ANY = """
SELECT EXISTS (
    SELECT FROM loyalty_balance_import WHERE merchant_id = %s AND mode = 'live' AND brought > 0)
"""
_UNDER = """
SELECT coalesce(sum(waiting.points), 0)::bigint
FROM loyalty_waiting_balance waiting
JOIN loyalty_balance_import source ON source.id = waiting.source_id AND source.state = 'done'
WHERE waiting.merchant_id = %(merchant)s AND waiting.email_key = %(email)s
    AND waiting.mode = (SELECT mode FROM parties_person WHERE id = %(person)s)
    AND waiting.move_id IS NULL AND waiting.forget_at > %(now)s
    AND coalesce(waiting.ends_at > %(now)s, true)
"""
_WAITING = """
SELECT count(*), coalesce(sum(waiting.points), 0)::bigint
FROM loyalty_waiting_balance waiting
JOIN loyalty_balance_import source ON source.id = waiting.source_id AND source.state = 'done'
LEFT JOIN loyalty_points_move move ON move.id = waiting.move_id
WHERE waiting.merchant_id = %(merchant)s AND waiting.mode = 'live'
    AND source.ended_at < %(at)s AND waiting.forget_at > %(at)s
    AND coalesce(waiting.ends_at > %(at)s, true) AND coalesce(move.moved_at >= %(at)s, true)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many members of another programme have not claimed their points, and how many those are.

    Owed to them as much as what members have; not in the ledger before somebody is there.
    """

    members: int
    points: int


def waiting_at(merchant_id: int, *, at: datetime) -> Waiting:
    """Return what waited at a moment, live; what was never claimed in time is in it no more."""
    return Waiting(*db.call(_WAITING, {"merchant": merchant_id, "at": at})[0])


def points_wait_at(merchant_id: int) -> bool:
    """Say whether anybody ever brought points to this merchant."""
    return bool(db.call(_ANY, (merchant_id,))[0][0])


def waiting_under_address(person_id: int, merchant_id: int, *, now: datetime) -> int:
    """Return the points that wait under the address this person has proved."""
    address = proved_address(person_id)
    if address is None:
        return 0
    asked = {
        "merchant": merchant_id,
        "email": key_of(merchant_id, "email", plain_email(address)),
        "person": person_id,
        "now": now,
    }
    return int(db.call(_UNDER, asked)[0][0])


def files_to_take_in(*, now: datetime) -> list[int]:
    """Return the files that a worker has to take in, the oldest first."""
    with operator_scope("files to take in"):
        due = BalanceImport.objects.filter(
            Q(state=ImportState.ASKED) | Q(state=ImportState.RUNNING, claimed_until__lte=now)
        )
        return list(due.order_by("id").values_list("pk", flat=True))


def files_of(*, mode: str, most: int) -> list[BalanceImport]:
    """Return a merchant's files, the newest first; its scope is open."""
    return list(BalanceImport.objects.filter(mode=mode).defer("locked").order_by("-read_at")[:most])
