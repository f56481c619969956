"""Offers: put, paused, limited; the last of a limit is given exactly once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from loyalty.actions.pause_offer import pause_offer
from loyalty.actions.put_offer import LimitBelowGiven, TargetUnknown
from loyalty.actions.refusals import OfferUnknown
from loyalty.actions.resume_offer import resume_offer
from loyalty.actions.settle import OfferExhausted
from loyalty.models import Offer, OfferBudget, OfferUse, Rulebook, Target
from loyalty.queries.quoting import Asks, snapshot
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from tests.loyalty.bakery import Bakery
from tests.support.world import NOW, World


@pytest.fixture(autouse=True)
def _looking(db: None) -> Iterator[None]:
    with operator_scope("the tests look"):
        yield


def left(bakery: Bakery, offer_id: int, mode: str = Mode.LIVE) -> tuple[int | None, int | None]:
    limited = frozenset({offer_id})
    seen = snapshot(
        merchant_id=bakery.merchant_id, person_id=None, mode=mode, asks=Asks(limited=limited)
    )
    assert seen.limited == limited
    return seen.left[offer_id].amount, seen.left[offer_id].uses


def test_an_offer_counts_from_the_next_quote_on(bakery: Bakery) -> None:
    assert bakery.price(1_000).quote.due == 1_000
    bakery.offer()
    assert bakery.price(1_000).quote.due == 900


def test_an_offer_on_a_category_reaches_the_categories_below_it(bakery: Bakery) -> None:
    bakery.offer(target_references=("eten",))
    assert bakery.price(1_000).quote.due == 900


def test_an_offer_on_a_product_and_one_on_the_basket_do_not_meet_on_a_line(
    bakery: Bakery,
) -> None:
    bakery.offer(target=Target.PRODUCTS, target_references=("desem",))
    bakery.offer(target=Target.BASKET, target_references=(), percentage_bp=2_000)
    assert bakery.price(1_000).quote.due == 900


def test_an_offer_for_members_says_so_on_the_receipt_in_both_languages(
    bakery: Bakery, alice: Person
) -> None:
    bakery.offer(members_only=True)
    assert bakery.price(1_000).quote.due == 1_000
    bakery.join(alice)
    (reason,) = bakery.price(1_000, alice).quote.lines[0].reasons()
    assert reason["because"] == {
        "nl": "omdat u lid bent van Bol spaart",
        "en": "because you are a member of Bol spaart",
    }


def test_an_offer_runs_on_its_days_by_the_calendar_of_the_store(bakery: Bakery) -> None:
    bakery.offer(first_day=date(2026, 11, 18), last_day=date(2026, 11, 18))
    midnight = datetime(2026, 11, 17, 23, 0, tzinfo=UTC)
    for at, due in (
        (midnight - timedelta(seconds=1), 1_000),
        (midnight, 900),
        (midnight + timedelta(hours=23, minutes=59), 900),
        (midnight + timedelta(days=1), 1_000),
    ):
        assert bakery.price(1_000, now=at).quote.due == due


def test_an_offer_reaches_a_category_that_is_added_below_its_own_later(bakery: Bakery) -> None:
    bakery.offer(target_references=("eten",))
    assert bakery.price(1_000, category="gebak").quote.due == 1_000
    bakery.category("gebak", "Gebak", below="eten")
    assert bakery.price(1_000, category="gebak").quote.due == 900


def test_a_paused_offer_gives_nothing_until_it_is_resumed(bakery: Bakery) -> None:
    offer_id = bakery.offer()
    pause = partial(
        pause_offer, merchant_id=bakery.merchant_id, offer_id=offer_id, actor=bakery.actor, now=NOW
    )
    pause()
    assert bakery.price(1_000).quote.due == 1_000
    pause()
    resume_offer(merchant_id=bakery.merchant_id, offer_id=offer_id, actor=bakery.actor, now=NOW)
    assert bakery.price(1_000).quote.due == 900
    actions = AuditEntry.objects.filter(object_type="offer").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "offer_put",
        "offer_paused",
        "offer_active",
    ]


def test_the_offer_of_another_merchant_is_unknown_and_stays_as_it_is(
    world: World, bakery: Bakery
) -> None:
    offer_id = bakery.offer()
    version = Rulebook.objects.get(merchant=bakery.merchant).version
    with pytest.raises(OfferUnknown):
        pause_offer(
            merchant_id=world.kaashuis.merchant.pk, offer_id=offer_id, actor=bakery.actor, now=NOW
        )
    assert Offer.objects.get(pk=offer_id).state == "active"
    assert Rulebook.objects.get(merchant=bakery.merchant).version == version


def test_an_offer_on_what_the_catalogue_does_not_have_is_refused_by_name(bakery: Bakery) -> None:
    with pytest.raises(TargetUnknown) as refused:
        bakery.offer(target=Target.PRODUCTS, target_references=("desem", "goud", "zilver"))
    assert refused.value.facts == {"unknown": "goud, zilver"}
    assert not Offer.objects.exists()


def test_a_budget_is_spent_to_the_cent_and_then_the_offer_stops(bakery: Bakery) -> None:
    offer_id = bakery.offer(budget=250)
    assert [bakery.price(1_000).quote.discount for _ in range(2)] == [100, 100]
    for _ in range(2):
        bakery.sell(1_000)
    assert left(bakery, offer_id) == (50, None)
    assert bakery.price(1_000).quote.discount == 0
    bakery.sell(500)
    assert left(bakery, offer_id) == (0, None)
    assert bakery.price(10).quote.discount == 0
    assert sum(OfferUse.objects.values_list("amount", flat=True)) == 250


def test_uses_are_counted_per_basket(bakery: Bakery) -> None:
    offer_id = bakery.offer(uses=2)
    for discount in (100, 100, 0):
        assert bakery.price(1_000).quote.discount == discount
        bakery.sell(1_000)
    assert left(bakery, offer_id) == (None, 0)


def test_a_quote_whose_offer_ran_out_is_refused_and_nothing_is_booked(
    bakery: Bakery, alice: Person
) -> None:
    bakery.join(alice)
    offer_id = bakery.offer(uses=1)
    first, second = bakery.price(1_000), bakery.price(1_000, alice)
    bakery.settle(first, None)
    sales = Sale.objects.count()
    with pytest.raises(OfferExhausted) as refused:
        bakery.settle(second, alice)
    assert refused.value.facts == {"offer_id": offer_id}
    assert Sale.objects.count() == sales
    assert bakery.points(alice) == 0
    assert bakery.price(1_000, alice).quote.due == 1_000


def test_a_rehearsal_spends_no_budget(world: World, bakery: Bakery) -> None:
    offer_id = bakery.offer(budget=1_000)
    bakery.sell(5_000, world.tessa, Mode.TEST)
    assert left(bakery, offer_id) == (1_000, None)
    assert left(bakery, offer_id, Mode.TEST) == (500, None)


def test_a_changed_limit_counts_what_was_given(bakery: Bakery) -> None:
    offer_id = bakery.offer(budget=1_000, uses=10)
    bakery.sell(5_000)
    bakery.offer(offer_id, budget=2_000, uses=3)
    assert left(bakery, offer_id) == (1_500, 2)


def test_a_limit_below_what_was_given_is_refused_and_the_old_one_stays(bakery: Bakery) -> None:
    offer_id = bakery.offer(budget=1_000)
    bakery.sell(5_000)
    with pytest.raises(LimitBelowGiven):
        bakery.offer(offer_id, budget=499)
    assert Offer.objects.get(pk=offer_id).budget == 1_000
    assert left(bakery, offer_id) == (500, None)


def test_an_offer_without_a_limit_keeps_no_count(bakery: Bakery) -> None:
    offer_id = bakery.offer(budget=1_000)
    bakery.offer(offer_id, budget=None)
    bakery.sell(50_000)
    assert not OfferBudget.objects.exists()
    assert not OfferUse.objects.exists()


def test_a_large_budget_lies_in_parts_and_comes_together_near_its_end(bakery: Bakery) -> None:
    offer_id = bakery.offer(budget=200_000)
    parts = OfferBudget.objects.filter(offer_id=offer_id, mode=Mode.LIVE)
    assert set(parts.values_list("left_amount", flat=True)) == {25_000}
    for _ in range(4):
        bakery.sell(480_000)
    assert left(bakery, offer_id) == (8_000, None)
    assert sorted(parts.values_list("left_amount", flat=True)) == [0] * 7 + [8_000]


def test_changing_an_offer_that_does_not_exist_changes_nothing(bakery: Bakery) -> None:
    version = Rulebook.objects.get(merchant=bakery.merchant).version
    with pytest.raises(OfferUnknown):
        bakery.offer(999)
    assert Rulebook.objects.get(merchant=bakery.merchant).version == version
    assert not Offer.objects.exists()
