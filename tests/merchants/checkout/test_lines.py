"""Deposits and tips: what a basket says besides goods, to the cent."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.actions.publish_tiers import publish_tiers
from loyalty.engine import Texts
from loyalty.models import MemberTier, TierBasis, TierPeriod
from loyalty.tiers import Ladder, Tier
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale, SaleLine
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import member_with, open_spending
from tests.merchants.returns.desk import Desk
from tests.support.confirming import BIKE, answers, paid, question
from tests.support.counter import (
    BREAD,
    Counter,
    basket,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

COLA = {"name": "Cola", "quantity": 2, "unit_price": 150, "vat_rate": 900}
DEPOSIT = {
    "kind": "deposit",
    "name": "Statiegeld",
    "quantity": 2,
    "unit_price": 15,
    "vat_rate": 0,
}
EMPTIES = {
    "kind": "deposit_return",
    "name": "Lege flessen",
    "quantity": 10,
    "unit_price": 15,
    "vat_rate": 0,
}


def stored(told: Any) -> list[SaleLine]:
    with operator_scope("the test looks"):
        return list(SaleLine.objects.filter(sale__uuid=told["uuid"]).order_by("number"))


def sales() -> int:
    with operator_scope("the test looks"):
        return Sale.objects.filter(state="closed").count()


# ---------------------------------------------------------------- deposits


def test_no_offer_and_no_point_touches_a_deposit(
    counter: Counter, bakery: Bakery, member: Phone
) -> None:
    bakery.offer()
    dear = {**DEPOSIT, "quantity": 1, "unit_price": 3_000, "category": "brood"}
    told = counter.sell(member, BREAD, dear).json()
    bread, deposit = told["lines"]
    assert (bread["discount"], bread["kind"]) == (84, "goods")
    assert (deposit["kind"], deposit["paid"], deposit["discount"]) == ("deposit", 3_000, 0)
    assert (deposit["points"], deposit["vat"], deposit["discounts"]) == (0, 0, [])
    assert (told["gross"], told["discount"], told["due"]) == (3_840, 84, 3_756)
    assert told["points_earned"] == 7  # of € 7.56
    assert [one.kind for one in stored(told)] == ["goods", "deposit"]
    assert any("Statiegeld" in line and "30,00" in line for line in told["receipt_lines"])
    settle_events()
    prove()


def test_points_pay_for_goods_and_not_for_a_deposit(
    counter: Counter, bakery: Bakery, alice: Person
) -> None:
    open_spending(bakery)
    member_with(bakery, alice, 5_000)
    body = basket(BREAD, DEPOSIT, code=show(with_bank_account(alice)), points="max")
    told = counter.put(uuid4(), {**body, "payment": paying()}).json()
    assert told["points_spent"] == {"points": 400, "amount": 400}  # at most half of the goods
    assert (told["due"], told["lines"][1]["paid"]) == (470, 30)
    prove()


def test_returned_empties_take_off_what_is_due(counter: Counter, member: Phone) -> None:
    told = counter.sell(member, COLA, DEPOSIT, EMPTIES).json()
    assert told["verdict"] == "happened"
    empties = told["lines"][2]
    assert (empties["unit_price"], empties["gross"], empties["paid"]) == (15, -150, -150)
    assert (told["gross"], told["due"], told["vat"]) == (180, 180, 25)
    assert told["points_earned"] == 3  # of € 3.00: what the bottles brought took nothing off them
    assert any("Lege flessen" in line and "-" in line for line in told["receipt_lines"])
    assert counter.get(told["uuid"]).json() == told
    settle_events()
    prove()


def test_more_empties_than_the_basket_pays_for_are_refused(counter: Counter) -> None:
    uuid = uuid4()
    many = {**EMPTIES, "quantity": 40}
    said = counter.put(uuid, basket(COLA, many, payment=paying("cash")))
    assert (said.status_code, said.json()["code"]) == (422, "sale_below_zero")
    assert said.json()["too_much"] == 300
    assert counter.put(uuid, basket(COLA, many)).json()["code"] == "sale_below_zero"
    assert sales() == 0
    exactly = counter.put(uuid, basket(COLA, {**EMPTIES, "quantity": 20}, payment=paying("cash")))
    assert (exactly.json()["verdict"], exactly.json()["due"]) == ("happened", 0)
    assert exactly.json()["tenders"] == []
    prove()


def test_empties_alone_are_no_sale(counter: Counter, member: Phone) -> None:
    said = counter.put(uuid4(), basket(EMPTIES, code=show(member), payment=paying()))
    assert said.json()["code"] == "sale_below_zero"
    alone = counter.sell(member, DEPOSIT).json()
    assert (alone["due"], alone["points_earned"]) == (30, 0)
    prove()


def test_a_deposit_comes_back_by_its_line_and_empties_never(
    counter: Counter, phone: Phone, world: World
) -> None:
    desk = Desk(world.till)
    told = counter.sell(phone, BREAD, DEPOSIT, {**EMPTIES, "quantity": 1}).json()
    assert told["due"] == 855
    assert desk.refund(told["uuid"], lines=[(3, 1)]).json()["code"] == "empties_stay"
    # A lower price is a lower price of the goods; a deposit keeps its own.
    cheaper = desk.refund(told["uuid"], amount=100).json()
    assert [one["number"] for one in cheaper["lines"]] == [1]
    assert desk.refund(told["uuid"], amount=741).json()["code"] == "refund_above_sale"
    back = desk.refund(told["uuid"], lines=[(2, 1)]).json()
    assert (back["amount"], back["vat"]) == (15, 0)
    # Bread and the other deposit are € 7.55, and € 7.40 is left: the empties had paid the rest.
    refused = desk.refund(told["uuid"], lines=[(1, 2), (2, 1)]).json()
    assert refused["code"] == "refund_above_sale"
    assert desk.refund(told["uuid"], lines=[(1, 2)]).json()["amount"] == 740
    settle_events()
    prove()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    goods=st.lists(st.integers(1, 3_000), min_size=1, max_size=4),
    deposits=st.lists(st.integers(0, 500), max_size=3),
    empties=st.lists(st.integers(1, 500), max_size=3),
    tip=st.integers(0, 4_000),
)
def test_whatever_is_in_it_a_sale_adds_up_to_the_cent(
    counter: Counter, goods: list[int], deposits: list[int], empties: list[int], tip: int
) -> None:
    lines = [{"name": "x", "unit_price": one, "vat_rate": 900} for one in goods]
    lines += [{**DEPOSIT, "quantity": 1, "unit_price": one} for one in deposits]
    lines += [{**EMPTIES, "quantity": 1, "unit_price": one} for one in empties]
    due = sum(goods) + sum(deposits) - sum(empties)
    said = counter.put(uuid4(), basket(*lines, payment={**paying("pin"), "tip": tip})).json()
    if due < 0:
        assert said["code"] == "sale_below_zero"
    elif tip > due:
        assert (said["code"], said["due"]) == ("tip_above_due", due)
    else:
        assert (said["due"], said["tip"]) == (due + tip, tip)
        assert sum(line["paid"] for line in said["lines"]) == said["due"]
        assert sum(tender["amount"] for tender in said["tenders"]) == said["due"]


# ---------------------------------------------------------------- tips


def test_a_tip_comes_on_top_and_earns_nothing(
    counter: Counter, member: Phone, bakery: Bakery
) -> None:
    body = basket(BREAD, code=show(member), payment={**paying(), "tip": 200, "amount_due": 840})
    uuid = uuid4()
    told = counter.put(uuid, body).json()
    assert (told["due"], told["tip"], told["vat"]) == (1_040, 200, 69)
    assert told["tenders"] == [{"kind": "ok", "amount": 1_040, "reference": ""}]
    assert told["points_earned"] == 8
    tip = told["lines"][1]
    assert (tip["kind"], tip["name"], tip["paid"], tip["vat"]) == ("tip", "Fooi", 200, 0)
    assert any("Fooi" in line and "2,00" in line for line in told["receipt_lines"])
    # Said again it is the same; with another tip it is another payment.
    assert counter.put(uuid, body).json() == told
    assert counter.get(uuid).json() == told
    other = {**body, "payment": {**body["payment"], "tip": 300}}
    assert counter.put(uuid, other).json()["code"] == "sale_closed"
    settle_events()
    prove()


def test_a_quoted_sale_is_paid_with_a_tip(counter: Counter, phone: Phone) -> None:
    uuid = uuid4()
    quoted = counter.put(uuid, basket(BREAD, code=show(phone))).json()
    assert (quoted["due"], quoted["tip"]) == (840, 0)
    pay = {"revision": 1, "tip": 160, "amount_due": 840, "tenders": [{"kind": "ok"}]}
    told = counter.pay(uuid, pay).json()
    assert (told["verdict"], told["due"], told["tip"]) == ("happened", 1_000, 160)
    assert counter.pay(uuid, pay).json() == told
    settle_events()
    prove()


def test_a_tip_above_the_amount_is_a_slip_of_the_finger(counter: Counter, phone: Phone) -> None:
    uuid = uuid4()
    said = counter.put(
        uuid, basket(BREAD, code=show(phone), payment={**paying(), "tip": 841})
    ).json()
    assert (said["code"], said["verdict"]) == ("tip_above_due", "still_open")
    assert (sales(), paid()) == (0, 0)
    below = counter.put(uuid4(), basket(BREAD, payment={**paying("cash"), "tip": -1}))
    assert below.status_code == 422


def test_a_tip_goes_back_only_when_its_line_is_named(
    counter: Counter, phone: Phone, world: World
) -> None:
    desk = Desk(world.till)
    body = basket(BREAD, code=show(phone), payment={**paying(), "tip": 200})
    told = counter.put(uuid4(), body).json()
    assert desk.refund(told["uuid"], amount=841).json()["code"] == "refund_above_sale"
    assert desk.refund(told["uuid"], lines=[(1, 2)]).json()["amount"] == 840
    assert desk.refund(told["uuid"], lines=[(2, 1)]).json()["amount"] == 200
    settle_events()
    prove()


def test_the_phone_is_asked_for_the_tip_too(counter: Counter, phone: Phone, hers: Client) -> None:
    uuid = uuid4()
    body = basket(BIKE, code=show(phone), language="en", payment={**paying(), "tip": 1_000})
    said = counter.put(uuid, body).json()
    assert said["sentence"] == "Keep the goods. The customer confirms €259.00 on the phone."
    assert (said["due"], said["tip"]) == (25_900, 1_000)
    assert (question().amount, question().tip) == (25_900, 1_000)
    page = hers.get(f"/wallet/confirm/{question().uuid}/").content.decode()
    assert "€259.00" in page
    assert "of which €10.00 tip" in page
    # A till that repeats itself meanwhile disturbs nothing.
    assert counter.put(uuid, body).json()["confirmation"] == said["confirmation"]
    answers(hers)
    settle_events()
    told = counter.get(uuid).json()
    assert (told["verdict"], told["due"], told["tip"]) == ("happened", 25_900, 1_000)
    assert told["tenders"] == [{"kind": "ok", "amount": 25_900, "reference": ""}]
    assert counter.put(uuid, body).json() == told
    prove()


def test_a_quote_that_waits_for_a_yes_is_paid_again_without_a_new_question(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(BIKE, code=show(phone)))
    pay = {"revision": 1, "tip": 500, "amount_due": 24_900, "tenders": [{"kind": "ok"}]}
    first = counter.pay(uuid, pay).json()
    asked = question().uuid
    assert (first["due"], first["confirmation"]["state"]) == (25_400, "asked")
    assert counter.pay(uuid, pay).json()["confirmation"] == first["confirmation"]
    assert question().uuid == asked
    # Another tip is another question.
    counter.pay(uuid, {**pay, "tip": 600})
    assert (question().amount, question().tip) == (25_500, 600)
    answers(hers)
    settle_events()
    assert counter.get(uuid).json()["tip"] == 600
    prove()


def test_a_tier_by_what_was_spent_counts_the_goods_alone(
    counter: Counter, bakery: Bakery, member: Phone, world: World
) -> None:
    silver = Tier(1, Texts(nl="Zilver", en="Silver"), 900, 900, 1_500)
    ladder = Ladder((silver,), TierPeriod.YEAR, TierBasis.SPEND, 0)
    publish_tiers(merchant_id=bakery.merchant_id, ladder=ladder, actor=SYSTEM, now=clock.now())
    body = basket(BREAD, DEPOSIT, code=show(member), payment={**paying(), "tip": 200})
    told = counter.put(uuid4(), body).json()
    settle_events()
    assert (told["due"], stands()) == (1_070, [(None, 840)])
    Desk(world.till).refund(told["uuid"], lines=[(2, 1)])
    settle_events()
    assert stands() == [(None, 840)]
    prove()
    counter.sell(member, BREAD)
    settle_events()
    assert stands() == [(1, 1_680)]
    prove()


def stands() -> list[Any]:
    with operator_scope("the test looks"):
        return list(MemberTier.objects.values_list("tier", "amount"))
