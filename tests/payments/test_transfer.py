"""The short way for one amount from one account to another books what the long way would."""

import pytest
from django.db import DatabaseError

from okplatform.kernel.db import call
from payments.models import Account, Entry, Posting
from tests.payments.books import Points, breaches, held

pytestmark = pytest.mark.django_db

TRANSFER = """
SELECT ledger_transfer('points_earned', %s, 'live', now(), 'programme_points', 'programme', 3,
    'member_points', 'member', 7, 'points:3', %s)
"""
BACK = """
SELECT ledger_transfer('points_spent', %s, 'live', now(), 'member_points', 'member', 7,
    'programme_points', 'programme', 3, 'points:3', %s)
"""

alice = Points(member=7)


def earn(reference: str, points: int) -> int:
    return int(call(TRANSFER, [reference, points])[0][0])


def spend(reference: str, points: int) -> int:
    return int(call(BACK, [reference, points])[0][0])


def test_a_first_transfer_opens_both_accounts() -> None:
    earn("sale-1", 18)
    assert (held(alice.had), held(alice.issued)) == (18, -18)
    assert dict(Account.objects.values_list("kind", "floor")) == {
        "member_points": 0,
        "programme_points": None,
    }
    assert breaches() == {}


def test_the_next_one_finds_them() -> None:
    earn("sale-1", 18)
    earn("sale-2", 5)
    assert (held(alice.had), held(alice.issued)) == (23, -23)
    assert Account.objects.count() == 2
    assert breaches() == {}


def test_a_repeated_transfer_is_booked_once() -> None:
    earn("sale-1", 18)
    assert earn("sale-2", 5) == earn("sale-2", 5)
    assert (held(alice.had), Posting.objects.count(), Entry.objects.count()) == (23, 2, 4)


def test_the_same_name_with_another_amount_is_refused() -> None:
    earn("sale-1", 18)
    with pytest.raises(DatabaseError, match="booked with other lines"):
        earn("sale-1", 19)


def test_the_giver_stays_above_its_floor() -> None:
    earn("sale-1", 18)
    spend("loaf-1", 15)
    assert held(alice.had) == 3
    with pytest.raises(DatabaseError, match="below its floor"):
        spend("loaf-2", 4)


@pytest.mark.parametrize("amount", [0, -5, None])
def test_an_amount_goes_one_way(amount: int | None) -> None:
    earn("sale-1", 18)
    with pytest.raises(DatabaseError, match=r"does not sum to zero|go the other way"):
        call(TRANSFER, ["sale-2", amount])


def test_live_and_test_do_not_meet() -> None:
    earn("sale-1", 18)
    call(TRANSFER.replace("'live'", "'test'"), ["sale-1", 5])
    assert (held(alice.had), held(alice.had, mode="test")) == (18, 5)
    assert breaches() == {}
