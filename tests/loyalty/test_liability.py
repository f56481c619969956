"""Points as money owed: from the ledger, as of a day, on a page and in a file."""

import csv
from datetime import date, timedelta

import pytest
from django.test import Client

from loyalty.queries.liability import Liability, liability_of, month_ends
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import told_by
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.schemes import content, published
from tests.loyalty.spending import member_with, open_spending, wish
from tests.payments.refunding import give_back
from tests.support.world import NOW, World

PAGE = "/console/bakkerij-bol/programme/liability/"
TODAY = NOW.date()
WORTH = 1_000
"""A cent a point."""


@pytest.fixture
def fay(world: World, bakery: Bakery) -> Person:
    """Fay keeps the bakery's books."""
    person = world.olga
    grant_membership(
        person_id=person.pk, merchant_id=bakery.merchant_id, role=Role.FINANCE, actor=SYSTEM
    )
    return person


def owed(bakery: Bakery, day: date = TODAY) -> Liability:
    with merchant_scope(bakery.merchant_id):
        return liability_of(merchant_id=bakery.merchant_id, day=day, zone="Europe/Amsterdam")


def test_points_of_live_sales_are_owed_from_the_day_they_were_earned(
    bakery: Bakery, world: World, alice: Person
) -> None:
    published(bakery.merchant_id, content(worth=WORTH, offers=()))
    bakery.join(alice)
    bakery.join(world.tessa)
    bakery.sell(100_000, alice)
    bakery.sell(50_000, world.tessa, mode=Mode.TEST)
    found = owed(bakery)
    assert (found.issued, found.used, found.outstanding, found.sales) == (1_000, 0, 1_000, 100_000)
    assert found.deferral is not None
    assert (found.deferral.full, found.deferral.expected) == (1_000, 950)
    # 100,000 x 950 / 100,950
    assert found.deferral.deferred == 941
    before = owed(bakery, TODAY - timedelta(days=1))
    assert (before.issued, before.sales, before.deferral) == (0, 0, None)


def test_points_nobody_gave_a_worth_are_counted_without_an_amount(
    bakery: Bakery, alice: Person
) -> None:
    bakery.join(alice)
    bakery.sell(2_000, alice)
    assert owed(bakery).outstanding == 20
    assert owed(bakery).deferral is None


def test_points_that_waited_and_came_back_were_never_issued_and_are_no_breakage(
    bakery: Bakery, alice: Person
) -> None:
    bakery.publish(pending_days=14)
    bakery.join(alice)
    sale, _points = bakery.sell(2_000, alice)
    give_back(bakery.world.till, sale, 500, now=NOW + timedelta(hours=1))
    found = owed(bakery, TODAY + timedelta(days=1))
    assert (found.issued, found.expired, found.outstanding) == (15, 0, 15)


def test_the_bookkeeper_reads_the_page_and_the_file(
    client: Client, bakery: Bakery, alice: Person, fay: Person
) -> None:
    published(bakery.merchant_id, content(worth=WORTH, offers=()))
    bakery.join(alice)
    bakery.sell(100_000, alice)
    client.force_login(fay)
    with told_by(lambda: NOW + timedelta(minutes=5)):
        page = client.get(PAGE).content.decode()
        file = client.get(f"{PAGE}csv/")
    assert "9,41" in page
    assert "Alice" not in page
    rows = list(csv.DictReader(file.content.decode().splitlines()))
    assert len(rows) == 12
    assert rows[-1] == {
        "until": "2026-11-17",
        "points_issued": "1000",
        "points_used": "0",
        "points_redeemed": "0",
        "points_expired": "0",
        "points_outstanding": "1000",
        "worth_of_1000_points": "10.00",
        "expected_to_be_redeemed_percent": "95.00",
        "full_value": "10.00",
        "expected_value": "9.50",
        "breakage": "0.50",
        "sales": "1000.00",
        "sales_of_goods": "990.59",
        "deferred_revenue": "9.41",
    }
    assert rows[0]["until"] == "2025-12-31"
    assert rows[0]["deferred_revenue"] == ""


@pytest.mark.parametrize("asked", ["", "?day=x", "?day=2099-01-01"])
def test_a_day_that_is_none_is_today(client: Client, fay: Person, asked: str) -> None:
    client.force_login(fay)
    with told_by(lambda: NOW):
        assert "17 november 2026" in client.get(f"{PAGE}{asked}").content.decode()


def test_who_does_not_keep_the_books_sees_nothing_of_it(
    client: Client, bakery: Bakery, charlie: Person, bob: Person
) -> None:
    grant_membership(
        person_id=bob.pk, merchant_id=bakery.merchant_id, role=Role.MARKETER, actor=SYSTEM
    )
    for person, status in ((bob, 403), (charlie, 404)):
        client.force_login(person)
        assert client.get(PAGE).status_code == status
        assert client.get(f"{PAGE}csv/").status_code == status


def test_months_end_on_their_last_days() -> None:
    ends = month_ends(date(2028, 3, 15))
    assert ends[-2:] == [date(2028, 2, 29), date(2028, 3, 15)]
    assert (len(ends), ends[0]) == (12, date(2027, 4, 30))


def test_what_was_spent_stands_apart_from_what_ended(bakery: Bakery, alice: Person) -> None:
    open_spending(bakery)
    wish(member_with(bakery, alice, 1_000))
    bakery.sell(1_000, alice)
    found = owed(bakery)
    assert (found.issued, found.redeemed, found.expired) == (1_005, 500, 0)
    assert (found.outstanding, found.worth) == (505, 1_000)
