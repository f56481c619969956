"""The demo's past ends now, whenever now is."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from demo import sample
from demo.history import past_year
from demo.journey import TIMEZONE, Basket
from demo.shops import SUNDAY, past_weeks, read_goods
from demo.world import BOL, KRAMER, MERCHANTS

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
MOMENTS = [NOON, datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2030, 12, 31, 23, tzinfo=UTC)]


@pytest.fixture(scope="module")
def baskets() -> list[Basket]:
    return list(sample.read_baskets())


@pytest.mark.parametrize("now", MOMENTS)
def test_the_past_year_holds_every_basket_exactly_once(
    baskets: list[Basket], now: datetime
) -> None:
    visits = list(past_year(baskets, now))
    assert Counter(visit.basket.id for visit in visits).most_common(1)[0][1] == 1
    assert len(visits) == len(baskets)
    # One hour of slack: a wall clock that is set back shows the same hour twice.
    assert max(visit.at for visit in visits) <= now + timedelta(hours=1)
    assert min(visit.at for visit in visits) >= now - timedelta(weeks=52, hours=1)


def test_a_basket_keeps_its_day_of_the_week_and_its_time_of_day(baskets: list[Basket]) -> None:
    for visit in past_year(baskets, NOON):
        wall = visit.at.astimezone(TIMEZONE)
        assert wall.weekday() == visit.basket.at.weekday()
        assert wall.hour == visit.basket.at.hour or wall.hour == 3


def test_a_later_start_adds_only_what_came_in_between(baskets: list[Basket]) -> None:
    before = {(visit.round, visit.basket.id) for visit in past_year(baskets, NOON)}
    later = NOON + timedelta(days=2)
    added = [v for v in past_year(baskets, later) if (v.round, v.basket.id) not in before]
    assert 20 < len(added) < 200
    assert min(visit.at for visit in added) > NOON


def test_today_is_shown_up_to_the_time_of_day(baskets: list[Basket]) -> None:
    evening = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    today = [v for v in past_year(baskets, evening) if v.at.date() == evening.date()]
    assert len(today) > 10
    assert all(visit.at <= evening for visit in today)


@pytest.mark.parametrize("reference", [BOL, KRAMER])
def test_a_small_shop_has_the_same_past_on_every_machine(reference: str) -> None:
    merchant = next(m for m in MERCHANTS if m.reference == reference)
    first, second = list(past_weeks(merchant, NOON)), list(past_weeks(merchant, NOON))
    assert first == second
    assert len(first) > 500
    assert max(visit.at for visit in first) <= NOON


def test_a_small_shop_is_closed_on_sunday_and_its_webshop_is_not() -> None:
    kramer = next(m for m in MERCHANTS if m.reference == KRAMER)
    on_sunday = {v.store for v in past_weeks(kramer, NOON) if v.day.weekday() == SUNDAY}
    assert on_sunday == {"webshop"}


@pytest.mark.parametrize("reference", [BOL, KRAMER])
def test_every_article_of_a_small_shop_can_be_scanned(reference: str) -> None:
    goods = read_goods(reference)
    assert len({article.gtin for article in goods}) == len({a.sku for a in goods}) == len(goods)
    assert all(len(article.gtin) == 14 and article.price > 0 for article in goods)
