"""The one-call sale: a basket in, a verdict out, everything booked or nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_bonuses import bonuses
from tests.loyalty.test_tiers import tiers
from tests.merchants.members.known import allow
from tests.support.counter import BREAD, COFFEE, Counter, basket, paying, settle_events, show
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World
from wallet.actions.set_birthday import set_birthday

pytestmark = pytest.mark.django_db


def test_one_call_sells_a_basket_and_tells_the_cashier_to_give_the_goods(
    counter: Counter, phone: Phone
) -> None:
    answer = counter.sell(phone)
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert told["verdict"] == "happened"
    assert told["sentence"] == "Betaald. Geef de boodschappen mee."
    assert (told["gross"], told["discount"], told["due"]) == (1100, 0, 1100)
    assert told["tenders"] == [{"kind": "ok", "amount": 1100, "reference": ""}]
    assert told["vat"] == 69 + 21
    settle_events()
    prove()


def test_a_member_earns_a_point_per_euro_and_keeps_the_rest(
    counter: Counter, member: Phone
) -> None:
    first = counter.sell(member, BREAD).json()
    assert (first["points_earned"], first["member"]["points_balance"]) == (8, 8)
    second = counter.sell(member, COFFEE).json()
    # 8.40 + 2.60 is 11 euros exactly: what the first sale left over counts.
    assert (second["points_earned"], second["member"]["points_balance"]) == (3, 11)
    prove()


def test_an_offer_comes_off_the_line_and_says_why(
    counter: Counter, bakery: Bakery, member: Phone
) -> None:
    bakery.offer()
    told = counter.sell(member).json()
    bread, coffee = told["lines"]
    assert (bread["gross"], bread["discount"], bread["paid"]) == (840, 84, 756)
    assert [why["text"] for why in bread["discounts"]] == ["10 % op brood"]
    assert coffee["discount"] == 0
    assert told["due"] == 1016
    prove()


def test_a_pin_sale_without_a_code_is_in_the_stream_too(counter: Counter) -> None:
    told = counter.sell().json()
    assert (told["verdict"], told["member"]) == ("happened", None)
    assert told["tenders"] == [{"kind": "pin", "amount": 1100, "reference": ""}]
    prove()


def test_ok_and_cash_pay_together(counter: Counter, phone: Phone) -> None:
    body = basket(code=show(phone), payment=paying({"kind": "cash", "amount": 100}, {"kind": "ok"}))
    told = counter.put(uuid4(), body).json()
    assert [(one["kind"], one["amount"]) for one in told["tenders"]] == [
        ("cash", 100),
        ("ok", 1000),
    ]
    prove()


def test_the_answer_is_the_same_when_it_is_asked_for_again(counter: Counter, member: Phone) -> None:
    uuid = uuid4()
    body = basket(code=show(member), payment=paying())
    first = counter.put(uuid, body).json()
    assert counter.get(uuid).json() == first
    assert counter.put(uuid, body).json() == first
    with operator_scope("count the sales"):
        assert Sale.objects.count() == 1
    prove()


def test_weighed_goods_are_priced_per_thousand_and_rounded_half_up(counter: Counter) -> None:
    cheese = {"name": "Kaas", "quantity": 355, "unit": "gram", "unit_price": 1590, "vat_rate": 900}
    told = counter.sell(None, cheese).json()
    assert told["due"] == 564  # 5.6445
    nearly = counter.sell(None, {**cheese, "amount": 565}).json()
    assert nearly["due"] == 565  # the till rounds its own way, within a cent


def test_the_receipt_is_printed_within_forty_columns(counter: Counter, member: Phone) -> None:
    lines = counter.sell(member).json()["receipt_lines"]
    assert lines
    assert max(map(len, lines)) <= 40
    assert any("Totaal" in line and "11,00" in line for line in lines)


def test_the_till_hears_a_members_tier_and_nobody_elses(
    counter: Counter, bakery: Bakery, member: Phone, world: World
) -> None:
    tiers(bakery)
    assert counter.sell(member).json()["member"]["tier"] is None
    settle_events()
    uuid = uuid4()
    assert counter.put(uuid, basket(code=show(member))).json()["member"]["tier"] == "Zilver"
    assert counter.put(uuid, basket(revision=2, language="en")).json()["member"]["tier"] == "Silver"
    assert counter.get(uuid).json()["member"]["tier"] == "Silver"
    sold = uuid4()
    counter.put(sold, basket(code=show(member), payment=paying()))
    # Told by what is stored, not by what the sale saw.
    assert counter.get(sold).json()["member"]["tier"] == "Zilver"
    stranger = Phone.of(world.bob, now=clock.now())
    told = counter.put(uuid4(), basket(code=show(stranger))).json()
    assert told["member"]["tier"] is None


def test_a_birthday_counts_at_the_till(
    counter: Counter, bakery: Bakery, member: Phone, alice: Person
) -> None:
    bonuses(bakery, birthday=40)
    today = clock.now()
    set_birthday(
        person_id=alice.pk,
        day=today.day,
        month=today.month,
        now=today - timedelta(days=90),
        actor=SYSTEM,
    )
    assert counter.sell(member, BREAD).json()["points_earned"] == 8
    allow(alice, bakery.merchant_id, "birthday")
    told = counter.sell(member, BREAD).json()
    assert told["points_earned"] == 48
    assert told["member"]["name"] is None
    assert counter.sell(member, BREAD).json()["points_earned"] == 9
    prove()
