"""A bonus around a birthday: by consent, once a year, by the calendar of the store."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from loyalty import bonus_invariants
from loyalty.actions.settle import BonusGone, PointsMoved
from loyalty.birthdays import DAYS_BETWEEN, MOST_DAYS, BirthdayKnown, falls_on, year_now
from loyalty.models import BonusUse
from merchants.returns.asking import LineAsked
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_bonus_pages import PAGE, stored
from tests.loyalty.test_bonuses import bonuses
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_pages import CARD, mia
from tests.merchants.members.known import allow
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW
from wallet.actions.set_birthday import set_birthday
from wallet.actions.withdraw_consent import withdraw_consent

__all__ = ["mia"]

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def tell(person: Person, on: date, *, at: datetime | None = None) -> None:
    set_birthday(
        person_id=person.pk,
        day=on.day,
        month=on.month,
        now=at or NOW - 31 * DAY,
        actor=SYSTEM,
    )


def born_today(bakery: Bakery, person: Person) -> None:
    """Be a member whose birthday it is, with points for it."""
    bonuses(bakery, birthday=40)
    bakery.join(person)
    tell(person, NOW.date())
    allow(person, bakery.merchant_id, "birthday")


def points(bakery: Bakery, person: Person, now: datetime = NOW) -> int:
    return bakery.price(1_000, person, now=now).quote.points


@pytest.mark.django_db
def test_a_birthday_brings_its_bonus_once(bakery: Bakery, alice: Person) -> None:
    born_today(bakery, alice)
    quote = bakery.price(1_000, alice).quote
    assert {one.text.en: one.milli for one in quote.earned}["for your birthday"] == 40_000
    assert bakery.sell(1_000, alice)[1] == 50
    assert bakery.sell(1_000, alice)[1] == 60
    with operator_scope("the tests look"):
        (use,) = BonusUse.objects.all()
    assert (use.kind, use.occasion, use.milli) == ("birthday", NOW.year, 40_000)
    prove()


@pytest.mark.django_db
def test_nothing_without_consent_nor_after_it_was_taken_back(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    bonuses(bakery, birthday=40)
    for person in (alice, bob):
        bakery.join(person)
        tell(person, NOW.date())
    allow(alice, bakery.merchant_id, "birthday")
    allow(bob, bakery.merchant_id, "offers", "identity")
    assert (points(bakery, alice), points(bakery, bob)) == (50, 10)
    withdraw_consent(
        person_id=alice.pk,
        merchant_id=bakery.merchant_id,
        purpose="birthday",
        now=NOW + DAY,
        actor=SYSTEM,
    )
    assert points(bakery, alice) == 10


@pytest.mark.django_db
def test_a_shop_without_it_asks_for_no_day(bakery: Bakery, alice: Person) -> None:
    born_today(bakery, alice)
    bonuses(bakery, first=5)
    assert points(bakery, alice) == 15


@pytest.mark.django_db
def test_a_day_moved_lately_does_not_count(bakery: Bakery, alice: Person) -> None:
    born_today(bakery, alice)
    bakery.sell(1_000, alice)
    next_month = NOW + 40 * DAY
    tell(alice, next_month.date(), at=NOW)
    # Known for long enough then, and yet the second within a year.
    assert points(bakery, alice, next_month) == 10
    tell(alice, (NOW + 400 * DAY).date(), at=NOW + 390 * DAY)
    assert points(bakery, alice, NOW + 400 * DAY) == 10
    # The same day told again stays known.
    tell(alice, (NOW + 400 * DAY).date(), at=NOW + 760 * DAY)
    assert points(bakery, alice, NOW + 765 * DAY) == 50


@pytest.mark.django_db
def test_it_goes_back_with_the_goods_and_comes_no_second_time(
    bakery: Bakery, alice: Person
) -> None:
    born_today(bakery, alice)
    sale, balance = bakery.sell(1_000, alice)
    assert balance == 50
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert bakery.points(alice) == 0
    assert points(bakery, alice) == 10
    prove()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_sixty_four_tills_one_gives_it(bakery: Bakery, alice: Person) -> None:
    born_today(bakery, alice)
    priced = bakery.price(1_000, alice)

    def till(_number: int) -> str:
        try:
            bakery.settle(priced, alice)
        except (BonusGone, PointsMoved) as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(till) == Counter(paid=1, bonus_gone=63)
    assert bakery.points(alice) == 50
    prove()


@pytest.mark.django_db
def test_two_within_a_year_are_found(bakery: Bakery, alice: Person) -> None:
    born_today(bakery, alice)
    bakery.sell(1_000, alice)
    bakery.sell(10_000, alice)
    plant(
        "INSERT INTO loyalty_bonus_use (member_id, kind, occasion, sale_id, merchant_id, mode,"
        " milli, given_at) SELECT used.member_id, used.kind, 2001, earning.sale_id, merchant_id,"
        " mode, used.milli, given_at + interval '90 days' FROM loyalty_bonus_use used"
        " JOIN loyalty_earning earning USING (member_id, merchant_id, mode)"
        " WHERE earning.sale_id <> used.sale_id"
    )
    (found,) = bonus_invariants.bonuses_lie_within_what_their_sales_earned().breaches
    assert "got two bonuses for birthdays within 90 days" in found


def known(month: int, day: int, **other: Any) -> BirthdayKnown:
    return BirthdayKnown(month, day, LONG_AGO, 7, 7)._replace(**other)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 2, 20), None),
        (date(2026, 2, 21), 2026),
        (date(2026, 2, 28), 2026),
        (date(2026, 3, 7), 2026),
        (date(2026, 3, 8), None),
        (date(2028, 2, 21), None),
        (date(2028, 2, 22), 2028),
        (date(2028, 3, 7), 2028),
        (date(2100, 2, 21), 2100),
    ],
)
def test_who_was_born_on_a_leap_day(today: date, year: int | None) -> None:
    assert year_now(known(2, 29), today) == year


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 12, 26), 2027), (date(2027, 1, 9), 2027), (date(2026, 12, 25), None)],
)
def test_the_days_reach_over_new_year(today: date, year: int | None) -> None:
    assert year_now(known(1, 2), today) == year


def test_a_day_told_lately_waits_a_month() -> None:
    told = known(6, 15, told_at=datetime(2026, 5, 20, tzinfo=UTC))
    assert year_now(told, date(2026, 6, 18)) is None
    assert year_now(told, date(2026, 6, 19)) == 2026


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "earned"),
    [
        # Midnight in Amsterdam, on both sides of both changes of the clock.
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 50),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), 10),
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), 10),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 50),
    ],
)
def test_the_day_is_that_of_the_store_when_the_clock_changes(
    bakery: Bakery, alice: Person, now: datetime, earned: int
) -> None:
    bonuses(bakery, birthday=40, days_before=0, days_after=0)
    bakery.join(alice)
    tell(alice, date(2026, 3, 29), at=LONG_AGO)
    allow(alice, bakery.merchant_id, "birthday")
    assert points(bakery, alice, now) == earned


DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@given(born=DAYS, around=st.tuples(*[st.integers(0, MOST_DAYS)] * 2), start=st.integers(0, 400))
def test_who_buys_every_day_gets_one_for_every_birthday(
    born: date, around: tuple[int, int], start: int
) -> None:
    told = BirthdayKnown(born.month, born.day, LONG_AGO, *around)
    given_on: list[date] = []
    years: list[int] = []
    first = date(2026, 1, 1) + timedelta(days=start)
    days = [first + timedelta(days=day) for day in range(5 * 366)]
    for today in days:
        year = year_now(told, today)
        if year is not None:
            given_on.append(today)
            years.append(year)
            told = told._replace(
                last_year=year, last_at=datetime(*today.timetuple()[:3], tzinfo=UTC)
            )
    assert len(set(years)) == len(years)
    whole = [
        year
        for year in range(2026, 2033)
        if first <= falls_on(born.month, born.day, year) - timedelta(days=around[0])
        and falls_on(born.month, born.day, year) + timedelta(days=around[1]) <= days[-1]
    ]
    assert set(whole) <= set(years)
    gaps = [later - before for before, later in pairwise(given_on)]
    assert all(gap.days >= DAYS_BETWEEN for gap in gaps)


@pytest.mark.django_db
def test_the_shop_gives_it_and_the_phone_says_it(
    client: Client, bakery: Bakery, alice: Person, mia: Person
) -> None:
    client.force_login(mia)
    said = {"birthday": "40", "min_paid": "5", "days_before": "0", "days_after": "0"}
    page = client.post(PAGE, said).content.decode()
    assert "alleen op de dag zelf" in page
    assert stored() == {}
    assert client.post(PAGE, {**said, "days_before": "31"}).status_code == 422
    assert client.post(PAGE, {**said, "sure": "1"}).status_code == 302
    assert (stored()["birthday"], stored()["days_after"]) == (40, 0)
    assert client.post(PAGE, {"birthday": "40", "min_paid": "5"}).status_code == 302
    assert (stored()["days_before"], stored()["days_after"]) == (7, 7)
    phone = Client()
    phone.force_login(alice)
    bakery.join(alice)
    assert "Vertel OK de dag" in phone.get(CARD).content.decode()
    tell(alice, clock.now().date(), at=LONG_AGO)
    allow(alice, bakery.merchant_id, "birthday")
    page = phone.get(CARD).content.decode()
    assert "Vertel OK de dag" not in page
    assert "40 punten extra bij uw volgende aankoop" in page
