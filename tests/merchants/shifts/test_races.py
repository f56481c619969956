"""64 at once put a shift, each on a connection of its own: a till has one, and closes it once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from merchants.models import Shift
from merchants.shifts.actions.put_shift import ShiftCall, put_shift
from merchants.shifts.asking import ShiftAsked
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.tills import StoreAtTill
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, Place, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def put(place: Place, uuid: UUID, asked: ShiftAsked) -> str:
    here = StoreAtTill(
        store_id=place.store.pk,
        store_reference="utrecht",
        channel="in_store",
        currency="EUR",
        timezone="Europe/Amsterdam",
        terminal_id=place.terminal.pk,
        terminal_reference="kassa-1",
    )
    who = ShiftCall(
        merchant_id=place.merchant.pk,
        mode="live",
        uuid=uuid,
        place=here,
        actor=SYSTEM,
        now=NOW + timedelta(hours=1),
    )
    try:
        with merchant_scope(place.merchant.pk):
            put_shift(call=who, asked=asked)
    except Refusal as refusal:
        return refusal.code
    return "put"


def race(act: Callable[[int], str]) -> tuple[dict[str, int], list[Shift]]:
    found = dict(all_at_once(act))
    with operator_scope("the test looks"):
        shifts = list(Shift.objects.order_by("pk"))
    prove()
    return found, shifts


def audited() -> list[tuple[str, int]]:
    said = "SELECT action, count(*) FROM kernel_auditentry WHERE object_type = 'shift' GROUP BY 1"
    return sorted(call(said))


def test_of_many_shifts_of_one_till_one_is_opened(world: World) -> None:
    till, asked = world.till, ShiftAsked(is_closed=False)
    found, shifts = race(lambda _n: put(till, uuid4(), asked))
    assert found == {"put": 1, "shift_open": AT_ONCE - 1}
    assert len(shifts) == 1


def test_one_shift_sent_by_many_is_opened_and_closed_once(world: World) -> None:
    till, uuid = world.till, uuid4()
    closing = ShiftAsked(is_closed=True, opened_at=NOW, cash_counted=500)
    opening = ShiftAsked(is_closed=False, opened_at=NOW)
    found, (shift,) = race(lambda n: put(till, uuid, closing if n % 2 else opening))
    assert found == {"put": AT_ONCE}
    assert shift.cash_counted == 500
    assert audited() == [("shift_closed", 1), ("shift_opened", 1)]
