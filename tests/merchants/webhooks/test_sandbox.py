"""A magic amount whose webhook comes twice, in test mode and nowhere else."""

from uuid import uuid4

import pytest

from merchants.magic import MAGIC, Does
from okplatform.kernel.modes import Mode
from tests.loyalty.bakery import Bakery
from tests.merchants.webhooks.conftest import Line
from tests.support.counter import Counter, basket, paying, settle_events
from tests.support.proofs import prove
from tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db

(DOUBLED,) = [magic for magic in MAGIC if magic.does == Does.DOUBLES_WEBHOOK]
GOODS = {
    "sku": "x",
    "name": "Iets",
    "quantity": 1,
    "unit_price": DOUBLED.amount,
    "vat_rate": 900,
}


@pytest.mark.parametrize(("mode", "times"), [(Mode.TEST, 2), (Mode.LIVE, 1)])
def test_it_comes_twice_with_one_id_in_test_mode_only(
    bakery: Bakery, receiver: Receiver, mode: str, times: int
) -> None:
    place = bakery.world.till
    line = Line(bakery.world.bol.merchant, receiver.url, mode=mode)
    till = Counter(place, place.test_key if mode == Mode.TEST else place.key)
    said = till.put(uuid4(), basket(GOODS, payment=paying("cash")))
    assert said.json()["verdict"] == "happened"
    till.put(uuid4(), basket(payment=paying("cash")))
    settle_events()
    assert line.serve() == ["delivered", "delivered"]
    first = [one for one in receiver.received if f'"gross":{DOUBLED.amount}' in one.body.decode()]
    assert len(first) == times
    assert len({one.message for one in first}) == 1
    assert len({one.body for one in first}) == 1
    assert len(receiver.received) == times + 1
    prove()
