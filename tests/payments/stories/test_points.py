"""Alice, member 7 of programme 3, earns 18 points with a purchase and spends 15 on a loaf.

    earned   the points a member may spend    +18
             the points a programme issued    -18
    spent    the points a member may spend    -15
             the points a programme issued    +15

Three are left. She cannot spend four: a member's points have a floor of zero.
"""

import pytest

from payments.ledger import BalanceTooLow
from payments.queries import statement
from tests.payments.books import Points, held

pytestmark = pytest.mark.django_db

alice = Points(member=7)


def test_points_earned_and_spent() -> None:
    alice.book("sale-1", 18)
    assert (held(alice.had), held(alice.issued)) == (18, -18)

    alice.book("loaf-1", -15, kind="points_spent")
    assert (held(alice.had), held(alice.issued)) == (3, -3)

    lines = statement(alice.had, mode="live", limit=10)
    assert [(line.kind, line.amount, line.balance) for line in lines] == [
        ("points_spent", -15, 3),
        ("points_earned", 18, 18),
    ]


def test_more_than_one_has_cannot_be_spent() -> None:
    alice.book("sale-1", 18)

    with pytest.raises(BalanceTooLow):
        alice.book("tart-1", -19, kind="points_spent")

    assert (held(alice.had), held(alice.issued)) == (18, -18)


def test_the_last_point_can_be_spent() -> None:
    alice.book("sale-1", 18)
    alice.book("cake-1", -18, kind="points_spent")
    assert held(alice.had) == 0


def test_another_member_has_points_of_their_own() -> None:
    bob = Points(member=8)
    alice.book("sale-1", 18)
    bob.book("sale-2", 5)
    assert (held(alice.had), held(bob.had), held(alice.issued)) == (18, 5, -23)
