"""Which baskets a scheme is tried on: one's own of ninety days, and nobody told apart unasked."""

from datetime import timedelta

from loyalty.models import Source
from loyalty.queries.past_baskets import DAYS, Past, past_of
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.schemes import content, replayed
from tests.merchants.members.known import allow, allowing
from tests.support.world import NOW, World
from wallet.models import Purpose

SOON = NOW + timedelta(hours=1)


def past(merchant_id: int, days: int = 0) -> Past:
    with merchant_scope(merchant_id):
        return past_of(merchant_id=merchant_id, basket=2_000, now=SOON + timedelta(days=days))


def whose(merchant_id: int) -> list[tuple[bool, int | None]]:
    with merchant_scope(merchant_id):
        return [(one.known, one.who) for one in past(merchant_id).baskets()]


def test_own_live_sales_come_before_the_sample(
    bakery: Bakery, world: World, alice: Person, bob: Person
) -> None:
    bakery.sell(1_840, alice)
    bakery.sell(275)
    bakery.sell(90_000, world.tessa, Mode.TEST)
    found = past(bakery.merchant_id)
    assert (found.source, found.total) == (Source.OWN, 2)
    with merchant_scope(bakery.merchant_id):
        amounts = [one.basket.lines[0].gross for one in found.baskets()]
    assert amounts == [1_840, 275]
    assert past(world.kaashuis.merchant.pk).source == Source.SAMPLE


def test_what_is_older_than_ninety_days_is_left_out(bakery: Bakery) -> None:
    bakery.sell(275)
    assert past(bakery.merchant_id, days=DAYS - 1).source == Source.OWN
    assert past(bakery.merchant_id, days=DAYS + 1).source == Source.SAMPLE


def test_a_person_is_told_from_others_only_by_consent_and_no_longer_than_it_lasts(
    bakery: Bakery, alice: Person
) -> None:
    bakery.sell(1_840, alice)
    bakery.sell(275)
    every_other = [purpose for purpose in Purpose.values if purpose != Purpose.OFFERS]
    allow(alice, bakery.merchant_id, *every_other)
    assert whose(bakery.merchant_id) == [(True, None), (False, None)]
    with allowing(alice, bakery.merchant_id, Purpose.OFFERS):
        assert whose(bakery.merchant_id) == [(True, alice.pk), (False, None)]
    assert whose(bakery.merchant_id) == [(True, None), (False, None)]


def test_a_replay_on_own_sales_gives_what_the_till_will_give(bakery: Bakery, alice: Person) -> None:
    bakery.sell(1_840, alice)
    bakery.sell(4_000)
    replay = replayed(bakery.merchant_id, content(milli_points_per_cent=20), now=SOON)
    assert replay.source == Source.OWN
    every, known = replay.result["everybody"], replay.result["recognised"]
    # 7 % on a Tuesday: 128.8 and 280 cents.
    assert [rule["amount"] for rule in every["rules"]] == [129 + 280, 0]
    assert every["points"] == (5_840 - 409) * 20 // 1_000
    assert [rule["amount"] for rule in known["rules"]] == [129, 0]
    assert replay.result["people"] == []
    assert all(proof["holds"] for proof in replay.proofs)


def test_a_replay_keeps_nothing_of_a_person(bakery: Bakery, alice: Person) -> None:
    allow(alice, bakery.merchant_id, *Purpose.values)
    bakery.sell(1_840, alice)
    replay = replayed(bakery.merchant_id, now=SOON)
    assert replay.result["people"] == []
    assert "Alice" not in str(replay.result)
    assert f"'who': {alice.pk}" not in str(replay.result)
