"""A chain's own loyalty system hears of members' sales and returns, in order and once."""

from datetime import timedelta
from typing import Any

import pytest

from merchants.models import DeliveryState
from okplatform.kernel import clock, db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.merchants.webhooks.conftest import Line
from tests.payments.refunding import give_back
from tests.support.chain import Chain, says
from tests.support.counter import Counter, settle_events
from tests.support.phone import Phone
from tests.support.proofs import prove
from wallet.actions.withdraw_consent import withdraw_consent

pytestmark = pytest.mark.django_db


def told(chain: Chain) -> list[tuple[str, Any]]:
    return [(one["type"], one["data"]) for one in chain.told]


@pytest.fixture
def line(connected: Bakery, chain: Chain) -> Line:
    """The chain hears of members' sales, as its merchant set under Webhooks."""
    line = Line(
        connected.merchant,
        f"{chain.url}/events",
        types=("member.sale_closed", "member.sale_refunded"),
    )
    chain.events_secret = line.secret
    return line


def test_the_chain_hears_of_a_sale_and_its_return_once_whatever_fails(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone, line: Line
) -> None:
    sold = counter.sell(phone).json()
    counter.sell()
    settle_events()
    with merchant_scope(connected.merchant_id):
        (sale_id,) = db.call("SELECT sale_id FROM loyalty_connected_sale")[0]
    give_back(connected.world.till, sale_id, 100, now=clock.now())
    # What a handler tells is for the next turn of the worker.
    settle_events()
    settle_events()
    chain.deaf_to = 1
    assert line.serve() == [DeliveryState.WAITING]
    assert line.serve(after=timedelta(seconds=6)) == [DeliveryState.DELIVERED] * 2
    (closed, sale), (refunded, back) = told(chain)
    assert (closed, refunded) == ("member.sale_closed", "member.sale_refunded")
    member = chain.questions[0]["member"]
    assert (sale["sale"], sale["member"]) == (sold["uuid"], member)
    assert (sale["asked"], sale["given"], sale["due"]) == ("answered", 60, 1_040)
    assert (back["sale"], back["member"], back["amount"]) == (sold["uuid"], member, 100)
    assert chain.balances == {member: 120 + 104}
    assert line.serve(after=timedelta(hours=1)) == []
    settle_events()
    prove()


def test_a_sale_that_went_on_without_is_told_too(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone, line: Line
) -> None:
    chain.answer = says({}, status=500)
    counter.sell(phone)
    settle_events()
    line.serve()
    ((_type, sale),) = told(chain)
    assert (sale["asked"], sale["given"], sale["due"]) == ("unreachable", 0, 1_100)


def test_who_withdraws_before_it_is_told_is_nobody_there(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone, line: Line, alice: Person
) -> None:
    counter.sell(phone)
    withdraw_consent(
        person_id=alice.pk,
        merchant_id=connected.merchant_id,
        purpose="recognition",
        actor=SYSTEM,
        now=clock.now(),
    )
    settle_events()
    line.serve()
    ((_type, sale),) = told(chain)
    assert sale["member"] is None
