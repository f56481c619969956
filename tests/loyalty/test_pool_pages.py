"""The family's pool from both sides: asked, answered, spent at the till, and left."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loyalty.models import PoolAsk, PoolSeat, RewardKind
from okplatform.kernel import clock
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.pools import allow, bring_in, draws
from tests.loyalty.spending import member_with, open_spending, reward, spends, wish
from tests.loyalty.test_corrections import PAGE, works
from tests.loyalty.test_gifts import browser, told
from tests.loyalty.test_pages import CARD
from tests.support.counter import Counter, basket, paying, show, with_bank_account
from tests.support.proofs import prove
from tests.support.world import World
from tests.wallet.cards import put
from tests.wallet.family import share
from wallet.attention import attention_of
from wallet.models import CardShare

FAMILY = f"{CARD}family/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(bakery: Bakery) -> Counter:
    return Counter(bakery.world.till, bakery.world.till.key)


@pytest.fixture
def known(bakery: Bakery, alice: Person, bob: Person) -> CardShare:
    """Alice shares a card with Bob; both are members, and families may pool."""
    open_spending(bakery)
    allow(bakery)
    member_with(bakery, alice, 150)
    member_with(bakery, bob, 250)
    now = clock.now()
    return share(alice, put(alice, now, name="Bonuskaart").uuid, bob, now)


def press(reader: Client, act: str, **fields: Any) -> str:
    return told(reader.post(FAMILY, {"act": act, **fields}, follow=True))


def open_ask() -> int:
    with operator_scope("the test looks"):
        return int(PoolAsk.objects.get().pk)


def test_one_asks_the_other_says_yes_and_both_see_it(
    known: CardShare, bakery: Bakery, alice: Person, bob: Person
) -> None:
    asker, answerer = browser(alice), browser(bob)
    assert "Points with your family" in told(asker.get(CARD))
    assert "Bob de Vries</option>" in told(asker.get(FAMILY))
    assert "Asked. They find the question" in press(asker, "ask", share=known.uuid)
    assert [one.title for one in attention_of(bob, now=clock.now())] == [
        "Alice Jansen asks you to spend points together"
    ]
    assert attention_of(alice, now=clock.now()) == []
    assert "Bob de Vries</option>" not in told(asker.get(FAMILY))
    assert "Alice Jansen asks you to spend points together" in told(answerer.get(CARD))
    assert "250</p>" in told(answerer.get(CARD))
    assert "you spend points together" in press(answerer, "yes", ask=open_ask())
    for reader, own, other in ((asker, 150, 250), (answerer, 250, 150)):
        page = told(reader.get(FAMILY))
        assert f"brought {own}, took 0" in page
        assert f"brought {other}, took 0" in page
        assert f"and {other} of your family" in told(reader.get(CARD))
    assert "You have 400 to use" in told(asker.get(CARD))
    prove()


def test_no_is_no_and_a_question_is_taken_back(
    known: CardShare, alice: Person, bob: Person, world: World
) -> None:
    asker, answerer = browser(alice), browser(bob)
    press(asker, "ask", share=known.uuid)
    press(browser(world.olga), "no", ask=open_ask())
    assert "asks you to spend points together" in told(answerer.get(FAMILY))
    assert "The question is gone" in press(answerer, "no", ask=open_ask())
    press(asker, "ask", share=known.uuid, only_brings="on")
    assert "you spend only your own" in told(answerer.get(FAMILY))
    assert "The question is gone" in press(asker, "no", ask=open_ask())
    assert "asks you" not in told(answerer.get(CARD))
    assert answerer.post(FAMILY, {"act": "yes", "ask": 1}, follow=True).status_code == 200
    with operator_scope("the test looks"):
        assert PoolSeat.objects.count() == 1


def test_nobody_asks_who_is_not_their_family(
    known: CardShare, bakery: Bakery, world: World
) -> None:
    bakery.join(world.sam)
    stranger = browser(world.sam)
    assert "Share a card with somebody first" in told(stranger.get(FAMILY))
    assert stranger.post(FAMILY, {"act": "ask", "share": known.uuid}).status_code == 404
    assert stranger.post(FAMILY, {"act": "yes", "ask": 1}, follow=True).status_code == 200
    assert stranger.post(FAMILY, {"act": "take"}).status_code == 404
    assert stranger.post(FAMILY, {"act": "yes", "ask": "x"}).status_code == 404
    assert "spend points together with nobody" in press(stranger, "leave")
    with operator_scope("the test looks"):
        assert not PoolAsk.objects.exists()


def test_there_is_no_page_where_the_shop_does_not_allow_it(bakery: Bakery, alice: Person) -> None:
    member_with(bakery, alice, 10)
    reader = browser(alice)
    assert reader.get(FAMILY).status_code == 404
    assert reader.post(FAMILY, {"act": "leave"}).status_code == 404
    assert "family" not in told(reader.get(CARD))


def test_a_shop_says_so_beside_the_gifts(bakery: Bakery, world: World, alice: Person) -> None:
    owner = works(bakery, world.olga, Role.OWNER)
    manager = works(bakery, world.charlie, Role.MANAGER)
    member_with(bakery, alice, 10)
    said = {"act": "gifts", "most_points": 0, "families": "on"}
    assert manager.post(PAGE, said).status_code == 403
    assert browser(alice).get(FAMILY).status_code == 404
    assert owner.post(PAGE, said).status_code == 302
    assert "checked" in told(owner.get(PAGE)).split('name="families"')[1].split(">")[0]
    assert browser(alice).get(FAMILY).status_code == 200
    owner.post(PAGE, {"act": "gifts", "most_points": 0})
    assert browser(alice).get(FAMILY).status_code == 404


def test_the_till_hears_how_much_and_never_of_whom(
    known: CardShare, bakery: Bakery, counter: Counter, alice: Person, bob: Person
) -> None:
    bring_in(bakery.join(alice), bakery.join(bob))
    phone = with_bank_account(alice)
    told_first = counter.put(body := uuid4(), basket(code=show(phone))).json()
    assert told_first["points_spendable"] == {"points": 400, "amount": 400}
    assert told_first["member"]["points_balance"] == 150
    assert "Bob" not in str(told_first)
    sold = counter.put(body, basket(revision=2, points=400)).json()
    assert sold["points_spent"] == {"points": 400, "amount": 400}
    assert (spends(), draws()) == ([], [])
    paid = counter.pay(body, {"revision": 2, **paying()})
    assert paid.json()["verdict"] == "happened", paid.json()
    assert (spends(), draws()) == ([(400, 400, "spent", 0)], [("spent", 250)])
    assert (bakery.points(alice), bakery.points(bob)) == (7, 0)
    page = told(browser(bob).get(FAMILY))
    assert "Alice Jansen, from you" in page
    assert "brought 157, took 400" in page
    assert "250 points are yours" not in page
    assert "7 points are yours" in press(browser(bob), "leave")
    prove()


def test_a_pooled_sale_asks_no_more_of_the_database(
    known: CardShare, bakery: Bakery, alice: Person, bob: Person
) -> None:
    def statements(points: int) -> int:
        wish(bakery.join(alice), points)
        with CaptureQueriesContext(connection) as asked:
            bakery.settle(bakery.price(1_000, alice), alice)
        return len(asked)

    bring_in(bakery.join(alice), bakery.join(bob))
    alone = statements(100)
    assert draws() == []
    assert statements(200) == alone
    assert draws() == [("spent", 141)]


def test_a_reward_is_bought_together_and_a_gift_is_given_alone(
    known: CardShare, bakery: Bakery, alice: Person, bob: Person
) -> None:
    reward(bakery)
    reward(bakery, RewardKind.DONATION)
    bring_in(bakery.join(alice), bakery.join(bob))
    page = told(browser(alice).get(CARD))
    assert page.count('name="reward"') == 1
    assert "donate" not in page
