"""Each promise about spent points holds after a day of trade, and a breach is found."""

from collections.abc import Callable

import pytest

from loyalty import spending_invariants
from loyalty.models import RewardKind
from merchants.returns.asking import LineAsked
from okplatform.kernel import relay
from okplatform.kernel.invariants import Proof
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import choose_reward, member_with, open_spending, reward, wish
from tests.loyalty.test_invariants import plant
from tests.payments.refunding import give_back
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(bakery: Bakery, alice: Person) -> Bakery:
    """Points paid a part, bought a reward, and came back with what they had paid."""
    open_spending(bakery)
    member = member_with(bakery, alice, 2_000)
    wish(member, 300)
    bakery.sell(1_000, alice)
    choose_reward(member, reward(bakery, RewardKind.MONEY_OFF))
    bakery.sell(1_000, alice)
    wish(member, 200)
    sale, _points = bakery.sell(1_000, alice)
    give_back(bakery.world.till, sale, lines=[LineAsked(1, 1)])
    relay.drain()
    return bakery


@pytest.mark.usefixtures("trade")
def test_all_promises_hold_after_a_day_of_trade() -> None:
    prove()
    assert spending_invariants.spent_points_are_on_their_sales().rows == 3
    assert spending_invariants.spent_points_come_back_once().rows == 1


BREACHES = [
    (
        spending_invariants.spent_points_are_on_their_sales,
        "UPDATE loyalty_spend SET points = points + 1",
        "its lines say",
    ),
    (
        spending_invariants.spent_points_are_on_their_sales,
        "UPDATE trade_sale_line SET reasons = '[]'",
        "its lines say",
    ),
    (
        spending_invariants.spent_points_are_on_their_sales,
        "DELETE FROM loyalty_spend_back; DELETE FROM loyalty_spend",
        "took 0 points",
    ),
    (
        spending_invariants.spent_points_are_on_their_sales,
        "UPDATE trade_sale SET person_id = NULL",
        "its points are spent",
    ),
    (
        spending_invariants.points_set_aside_are_held,
        "UPDATE loyalty_spend SET state = 'held', given_back = 0",
        "held are 0",
    ),
    (
        spending_invariants.spent_points_come_back_once,
        "UPDATE loyalty_spend SET given_back = points - 1",
        "points back, booked are",
    ),
    (
        spending_invariants.spent_points_come_back_once,
        "DELETE FROM loyalty_spend_back",
        "booked are 0",
    ),
]


@pytest.mark.usefixtures("trade")
@pytest.mark.parametrize(("proof", "breach", "sentence"), BREACHES)
def test_a_planted_breach_is_found(proof: Callable[[], Proof], breach: str, sentence: str) -> None:

    plant(breach)
    found = proof().breaches
    assert found
    assert all(sentence in one for one in found)
