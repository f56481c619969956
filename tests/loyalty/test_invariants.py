"""Each promise about points and offers holds after a day of trade, and a breach is found."""

from collections.abc import Callable

import pytest

from loyalty import invariants
from loyalty.liability_invariants import liability_is_what_members_have
from okplatform.kernel import db
from okplatform.kernel.invariants import Proof
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.schemes import published
from tests.support.proofs import prove
from tests.support.world import World


@pytest.fixture
def trade(world: World, bakery: Bakery, alice: Person) -> Bakery:
    """A day with everything in it: members, live and test, offers with and without limits."""
    bakery.join(alice)
    bakery.join(world.tessa)
    limited = bakery.offer(budget=10_000, uses=100)
    bakery.offer(percentage_bp=500, exclusivity_group="")
    for gross in (150, 275, 1_840, 90):
        bakery.sell(gross, alice)
    bakery.sell(4_000)
    bakery.sell(90_000, world.tessa, Mode.TEST)
    bakery.offer(limited, budget=1_000, uses=100)
    published(bakery.merchant_id)
    return bakery


def plant(sql: str) -> None:
    """Change what no code would: triggers and keys look away."""
    db.call("SET LOCAL session_replication_role = replica")
    db.call(sql)
    db.call("SET LOCAL session_replication_role = origin")


def test_all_promises_hold_after_a_day_of_trade(trade: Bakery) -> None:
    prove()
    assert invariants.carries_account_for_every_milli_point().rows == 5
    assert invariants.offers_gave_what_their_limits_allow().rows == 6


BREACHES = [
    (
        invariants.carries_account_for_every_milli_point,
        "UPDATE loyalty_member SET carry = carry + 1",
        "milli-points",
    ),
    (
        invariants.carries_account_for_every_milli_point,
        "UPDATE loyalty_earning SET milli = milli + 1",
        "milli-points",
    ),
    (
        invariants.points_in_the_ledger_are_points_earned,
        "UPDATE loyalty_earning SET points = points + 1",
        "points and earned",
    ),
    (
        invariants.points_in_the_ledger_are_points_earned,
        "UPDATE payments_entry SET amount = amount + 1 WHERE amount > 0",
        "points and earned",
    ),
    (
        invariants.points_in_the_ledger_are_points_earned,
        "UPDATE payments_account SET asset = 'points:0' WHERE kind = 'member_points'",
        "points and earned",
    ),
    (
        liability_is_what_members_have,
        "UPDATE payments_entry SET amount = amount + 1 WHERE amount > 0",
        "points are owed, members have",
    ),
    (
        liability_is_what_members_have,
        "UPDATE payments_posting SET kind = 'points_planted' WHERE kind = 'points_earned'",
        "nobody knows what points_planted does",
    ),
    (
        invariants.earnings_are_those_of_their_sales,
        "UPDATE trade_sale SET points_earned = points_earned + 1 WHERE points_earned > 0",
        "its earning",
    ),
    (
        invariants.earnings_are_those_of_their_sales,
        "UPDATE trade_sale SET person_id = NULL",
        "its earning",
    ),
    (
        invariants.earnings_are_those_of_their_sales,
        "DELETE FROM loyalty_earning",
        "nobody earned",
    ),
    (
        invariants.offers_gave_what_their_limits_allow,
        "UPDATE loyalty_offer_budget SET left_amount = left_amount + 1 WHERE shard = 0",
        "left are",
    ),
    (
        invariants.offers_gave_what_their_limits_allow,
        "UPDATE loyalty_offer_budget SET left_uses = left_uses - 1 WHERE shard = 0",
        "left are",
    ),
    (
        invariants.offers_gave_what_their_limits_allow,
        "DELETE FROM loyalty_offer_budget",
        "left are any amount",
    ),
    (
        invariants.schemes_run_what_was_tried,
        "UPDATE loyalty_scheme_version SET number = 2",
        "1 versions up to 2",
    ),
    (
        invariants.schemes_run_what_was_tried,
        "UPDATE loyalty_scheme_version SET started_at = NULL",
        "has not begun",
    ),
    (
        invariants.schemes_run_what_was_tried,
        "DELETE FROM loyalty_scheme_replay",
        "was not tried",
    ),
    (
        invariants.schemes_run_what_was_tried,
        "UPDATE loyalty_scheme_replay SET proofs = jsonb_set(proofs, '{0,holds}', 'false')",
        "was not tried",
    ),
    (
        invariants.offers_gave_what_their_limits_allow,
        "UPDATE loyalty_offer_use SET amount = amount + 1",
        "gave",
    ),
]


@pytest.mark.parametrize(("proof", "breach", "sentence"), BREACHES)
def test_a_planted_breach_is_found(
    trade: Bakery, proof: Callable[[], Proof], breach: str, sentence: str
) -> None:
    plant(breach)
    found = proof().breaches
    assert found
    assert all(sentence in one for one in found)
