"""Programmes whose points wait and end, and the members whose lots the tests look at."""

from datetime import datetime
from typing import Any

from loyalty.actions.activate_lots import activate_lots
from loyalty.actions.expire_lots import expire_lots
from loyalty.actions.lay_out_lots import lay_out_lots
from loyalty.models import Breakage, Expiry, Lot
from okplatform.kernel.db import call
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery

PENDING = """
SELECT ledger_balance_for('member_points_pending', id, 'points:' || programme_id, mode)
FROM loyalty_member WHERE person_id = %s
"""


def publish(bakery: Bakery, expiry: Expiry = Expiry.NEVER, length: int | None = None) -> None:
    """Let points end from now on, or no longer."""
    bakery.publish(expiry=expiry, expiry_length=length)


def lots(person: Person) -> list[Any]:
    """Return a person's lots, as they were earned."""
    with operator_scope("the tests look"):
        mine = Lot.objects.filter(member__person=person)
        return list(mine.order_by("earned_at", "id"))


def left(person: Person) -> list[int]:
    return [lot.remaining for lot in lots(person)]


def pending(person: Person) -> int:
    """Return what the ledger keeps apart."""
    return int(call(PENDING, [person.pk])[0][0])


def broken(mode: str = Mode.LIVE) -> list[tuple[str, int]]:
    with operator_scope("the tests look"):
        found = Breakage.objects.filter(mode=mode).order_by("id")
        return list(found.values_list("reason", "points"))


def turn(now: datetime) -> None:
    """Do what the task does each minute."""
    lay_out_lots(now=now)
    activate_lots(now=now)
    expire_lots(now=now)
