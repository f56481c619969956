"""What is no plain goods, sold without a network: deposits, empties, and goods from some age."""

import pytest

from okplatform.kernel.models import AuditEntry
from tests.support.counter import BREAD, Counter, settle_events, show
from tests.support.dark import EMPTIES, DarkTill, dark_till
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db

BEER = {"name": "Bier", "quantity": 6, "unit_price": 115, "vat_rate": 2100, "minimum_age": 18}
DEPOSIT = {"name": "Statiegeld", "quantity": 6, "unit_price": 15, "vat_rate": 0, "kind": "deposit"}
CRATE = {"name": "Krat", "quantity": 1, "unit_price": 390, "vat_rate": 0, "kind": EMPTIES}


@pytest.fixture
def dark(counter: Counter) -> DarkTill:
    return dark_till(counter)


def test_deposits_are_paid_and_empties_come_off_and_neither_earns_points(
    dark: DarkTill, member: Phone
) -> None:
    sold = dark.sells(show(member), lines=[BREAD, DEPOSIT, CRATE])
    told = dark.sends(sold).json()
    assert (told["booked_as"], told["amount"]) == ("paid", 840 + 90 - 390)
    assert told["points_earned"] == 8
    assert dark.counter.get(sold[0]).json()["due"] == 540
    settle_events()
    prove()


def test_who_sold_goods_from_some_age_is_kept_as_who_looked(dark: DarkTill, phone: Phone) -> None:
    sold = dark.sells(show(phone), lines=[BEER], operator="sam")
    assert dark.sends(sold).json()["booked_as"] == "paid"
    looked = AuditEntry.objects.get(action="age_checked")
    assert looked.data == {"minimum_age": 18, "operator": "sam"}
    prove()


def test_goods_from_some_age_that_nobody_sold_are_refused_until_it_is_said_who(
    dark: DarkTill, phone: Phone
) -> None:
    uuid, body = dark.sells(show(phone), lines=[BEER])
    answer = dark.sends((uuid, body))
    assert (answer.status_code, answer.json()["code"]) == (422, "age_checker_missing")
    assert dark.counter.get(uuid).status_code == 404
    assert dark.sends((uuid, {**body, "operator": "sam"})).json()["booked_as"] == "paid"
    prove()
