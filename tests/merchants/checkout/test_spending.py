"""Points that pay a part at the till: what they take off, what is refused, what stays as it was."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import member_with, open_spending, spends, wish, wishes
from tests.support.counter import Counter, basket, paying, show
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


def test_points_named_at_the_till_pay_a_part(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery)
    member_with(bakery, alice, 1_000)
    sold = counter.sell(phone, points=300).json()
    assert (sold["gross"], sold["discount"], sold["due"]) == (1_100, 300, 800)
    assert sold["points_spent"] == {"points": 300, "amount": 300}
    assert sold["points_spendable"] is None
    # Spread over bread (8.40) and coffee (2.60), and its VAT with it.
    assert [(line["discount"], line["paid"]) for line in sold["lines"]] == [(229, 611), (71, 189)]
    assert sold["vat"] == sum(line["vat"] for line in sold["lines"]) == 50 + 16
    assert sold["lines"][0]["discounts"] == [
        {"text": "Betaald met punten", "because": None, "amount": 229}
    ]
    assert sold["tenders"] == [{"kind": "ok", "amount": 800, "reference": ""}]
    # Earned on what was paid in money: 8 points, not 11.
    assert (sold["points_earned"], sold["member"]["points_balance"]) == (8, 708)
    assert f"{'punten ingewisseld':<34} - 300" in sold["receipt_lines"]
    assert spends() == [(300, 300, "spent", 0)]
    prove()


def test_as_many_as_may_be_is_half_the_basket(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery)
    member_with(bakery, alice, 1_000)
    uuid = uuid4()
    quoted = counter.put(uuid, basket(code=show(phone))).json()
    assert (quoted["due"], quoted["points_spent"]) == (1_100, None)
    assert quoted["points_spendable"] == {"points": 500, "amount": 500}
    again = counter.put(uuid, basket(revision=2, points="max")).json()
    assert (again["due"], again["points_spent"]["points"]) == (600, 500)
    # A quote takes nothing.
    assert spends() == []
    assert counter.get(uuid).json()["points_spent"] == {"points": 500, "amount": 500}
    paid = counter.pay(uuid, {"revision": 2, **paying()}).json()
    assert (paid["verdict"], paid["due"], paid["points_spent"]["points"]) == ("happened", 600, 500)
    assert bakery.points(alice) == 1_000 - 500 + 6
    # Asked again it is the same sale, and nothing goes twice.
    assert counter.pay(uuid, {"revision": 2, **paying()}).json()["due"] == 600
    assert spends() == [(500, 500, "spent", 0)]
    prove()


@pytest.mark.parametrize("points", [50, 150, 600, 2_000])
def test_points_that_cannot_be_spent_so_are_refused_and_nothing_happens(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone, points: int
) -> None:
    open_spending(bakery)
    member_with(bakery, alice, 1_000)
    refused = counter.sell(phone, points=points)
    told = refused.json()
    assert (refused.status_code, told["code"]) == (409, "points_not_spendable")
    assert (told["most"], told["verdict"]) == (500, "still_open")
    assert (spends(), bakery.points(alice)) == ([], 1_000)


def test_only_members_spend_and_only_where_spending_is_on(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    member_with(bakery, alice, 1_000)
    assert counter.sell(phone, points=100).json()["code"] == "points_not_taken"
    assert counter.sell(phone).json()["points_spendable"] is None
    open_spending(bakery)
    assert counter.sell(None, points=100).json()["code"] == "points_without_member"
    open_spending(bakery, is_on=False)
    assert counter.sell(phone, points="max").json()["code"] == "points_not_taken"
    assert spends() == []


def test_what_was_chosen_on_the_phone_counts_once(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery)
    wish(member_with(bakery, alice, 1_000), 230)
    sold = counter.sell(phone).json()
    assert (sold["due"], sold["points_spent"]) == (900, {"points": 200, "amount": 200})
    assert wishes() == []
    assert counter.sell(phone).json()["points_spent"] is None
    prove()


def test_a_choice_that_is_worth_nothing_here_waits_for_the_next_payment(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery, minimum=500)
    wish(member_with(bakery, alice, 400))
    assert counter.sell(phone).json()["due"] == 1_100
    assert wishes() == [None]


def test_points_that_went_elsewhere_between_quote_and_payment_change_the_price(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery)
    wish(member_with(bakery, alice, 500))
    uuid = uuid4()
    assert counter.put(uuid, basket(code=show(phone))).json()["due"] == 600
    assert counter.sell(phone).json()["due"] == 600
    refused = counter.pay(uuid, {"revision": 1, **paying()}).json()
    assert (refused["code"], refused["due"], refused["verdict"]) == (
        "amount_changed",
        1_100,
        "still_open",
    )
    assert len(spends()) == 1
    prove()


def test_a_merchant_whose_points_pay_asks_postgresql_no_more_often(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    member = member_with(bakery, alice, 1_000)
    counter.sell(phone)
    with CaptureQueriesContext(connection) as without:
        counter.sell(phone)
    open_spending(bakery)
    counter.sell(phone)
    wish(member, 300)
    with CaptureQueriesContext(connection) as with_points:
        assert counter.sell(phone).json()["points_spent"]["points"] == 300
    assert len(with_points) == len(without)
