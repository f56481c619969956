"""64 tills at once, each on a connection of its own: one sale, one end."""

from collections import Counter
from collections.abc import Callable

import pytest

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import Event
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.actions.cancel_sale import cancel
from okplatform.trade.actions.close_sale import close_sale, record_closed
from okplatform.trade.actions.open_sale import open_or_lock, take_sale_id
from okplatform.trade.actions.refusals import SaleExists, SaleNotOpen
from okplatform.trade.facts import Closing, SaleKey
from okplatform.trade.models import Sale, SaleLine
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, Place, World
from tests.trade.baskets import closing, key_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def in_transactions(act: Callable[[int], str]) -> Counter[str]:
    def once(number: int) -> str:
        try:
            with db.transaction():
                return act(number)
        except SaleExists:
            return "was there"
        except SaleNotOpen:
            return "ended"

    return all_at_once(once)


def record(key: SaleKey, basket: Closing) -> None:
    record_closed(sale_id=take_sale_id(), key=key, closing=basket, actor=SYSTEM, now=NOW)


def hold(key: SaleKey, place: Place) -> int:
    return open_or_lock(
        key=key,
        store_id=place.store.pk,
        terminal_id=place.terminal.pk,
        currency="EUR",
        language="nl",
        now=NOW,
    ).id


def test_of_64_tills_with_one_uuid_exactly_one_sells(world: World) -> None:
    key, basket = key_at(world.till), closing(world.till)

    def sell(_number: int) -> str:
        record(key, basket)
        return "sold"

    assert in_transactions(sell) == {"sold": 1, "was there": AT_ONCE - 1}
    with operator_scope("a test counts all"):
        assert Sale.objects.count() == 1
        assert SaleLine.objects.count() == len(basket.lines)
    assert Event.objects.count() == 1


def test_64_tills_open_one_sale_and_one_closes_it(world: World) -> None:
    key, basket, place = key_at(world.till), closing(world.till), world.till

    def pay(_number: int) -> str:
        sale_id = hold(key, place)
        close_sale(sale_id=sale_id, key=key, closing=basket, actor=SYSTEM, now=NOW)
        return "closed"

    assert in_transactions(pay) == {"closed": 1, "ended": AT_ONCE - 1}
    assert Event.objects.count() == 1


def test_a_sale_is_either_paid_or_given_up(world: World) -> None:
    key, basket, place = key_at(world.till), closing(world.till), world.till

    def end(number: int) -> str:
        if number % 2:
            record(key, basket)
            return "paid"
        gone = cancel(
            key=key,
            store_id=place.store.pk,
            currency="EUR",
            language="nl",
            actor=SYSTEM,
            now=NOW,
        )
        return "given up" if gone.changed else "was there"

    ends = in_transactions(end)

    assert ends["was there"] == AT_ONCE - 1
    assert ends["paid"] + ends["given up"] == 1
    assert Event.objects.count() == 1
