"""What a key may give back: so much a day, so much for one number; never a cent more."""

from collections import Counter as Count
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.actions.count_refund import RefundLimitReached, count_refund
from okplatform.parties.actions.create_partner import create_partner
from okplatform.parties.actions.grant_partner import Allowance, grant_partner
from okplatform.parties.actions.issue_partner_key import issue_partner_key
from okplatform.parties.actions.limit_api_key import limit_api_key
from okplatform.parties.actions.rotate_api_key import rotate_api_key
from okplatform.parties.models import RefundCount
from okplatform.parties.tills import RefundLimits
from tests.merchants.returns.desk import REFUNDING, Desk, returns
from tests.support.counter import Counter, basket, paying
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


class LimitedDesk(Desk):
    """A desk whose key has limits."""

    def __init__(
        self, world: World, a_day: int | None = None, a_reference: int | None = None
    ) -> None:
        super().__init__(world.till)
        self.key = world.till.issue_key(scopes=REFUNDING)
        self.signs_in_with(self.key.text)
        limit_api_key(
            merchant_id=world.bol.merchant.pk,
            key_id=self.key.id,
            networks=[],
            calls_per_minute=None,
            refunds_a_day=a_day,
            refunds_a_reference=a_reference,
            actor=SYSTEM,
        )

    def signs_in_with(self, text: str, **headers: str) -> None:
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}", **headers)


def sold(world: World, reference: str = "") -> str:
    """Sell bread and coffee, € 11.00, for cash."""
    uuid = uuid4()
    said = {"reference": reference} if reference else {}
    answer = Counter(world.till, world.till.key).put(uuid, basket(payment=paying("cash"), **said))
    assert answer.json()["verdict"] == "happened", answer.json()
    return str(uuid)


def told(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code", answer.json().get("amount"))


def counts() -> dict[str, int]:
    with operator_scope("the test looks"):
        return dict(RefundCount.objects.values_list("reference", "amount"))


def test_a_key_gives_back_so_much_a_day_and_then_no_more(world: World) -> None:
    desk = LimitedDesk(world, a_day=840)
    one, two = sold(world), sold(world)
    assert told(desk.refund(one, lines=[(1, 1)])) == (201, 420)
    assert told(desk.refund(two, lines=[(1, 1)])) == (201, 420)
    answer = desk.refund(two, lines=[(1, 1)])
    assert told(answer) == (409, "refund_limit_reached")
    assert (answer.json()["of"], answer.json()["most"]) == ("day", 840)
    assert len(returns()) == 2
    assert counts()[""] == 840
    # Another key of the shop is not held to it.
    assert told(Desk(world.till).refund(two, lines=[(1, 1)])) == (201, 420)
    prove()


def test_and_so_much_for_one_number(world: World) -> None:
    desk = LimitedDesk(world, a_reference=500)
    one, two = sold(world, "K-1"), sold(world, "K-2")
    assert told(desk.refund(one, lines=[(1, 1)])) == (201, 420)
    answer = desk.refund(one, lines=[(1, 1)])
    assert told(answer) == (409, "refund_limit_reached")
    assert answer.json()["of"] == "reference"
    assert told(desk.refund(two, lines=[(1, 1)])) == (201, 420)
    assert counts() == {"": 840, "K-1": 420, "K-2": 420}


def test_two_sales_under_one_number_count_together(world: World) -> None:
    desk = LimitedDesk(world, a_reference=500)
    one, two = sold(world, "K-1"), sold(world, "K-1")
    assert told(desk.refund(one, lines=[(1, 1)])) == (201, 420)
    assert told(desk.refund(two, lines=[(1, 1)])) == (409, "refund_limit_reached")


def test_nothing_is_nothing_even_the_first_time(world: World) -> None:
    desk = LimitedDesk(world, a_day=0)
    assert told(desk.refund(sold(world), lines=[(1, 1)])) == (409, "refund_limit_reached")
    assert returns() == []
    assert counts() == {}


def test_the_same_refund_again_counts_once(world: World) -> None:
    desk = LimitedDesk(world, a_day=420)
    sale, uuid = sold(world), uuid4()
    for _again in range(3):
        answer = desk.refund(sale, uuid=uuid, lines=[(1, 1)])
        assert answer.json().get("amount") == 420, answer.json()
    assert counts()[""] == 420


def test_a_refund_that_fails_counts_nothing(world: World) -> None:
    desk = LimitedDesk(world, a_day=10_000)
    assert desk.refund(sold(world), lines=[(1, 99)]).status_code >= 400
    assert counts() == {}


def test_a_new_key_has_no_new_day(world: World) -> None:
    desk = LimitedDesk(world, a_day=420)
    sale = sold(world)
    assert told(desk.refund(sale, lines=[(1, 1)])) == (201, 420)
    new = rotate_api_key(
        merchant_id=world.bol.merchant.pk,
        key_id=desk.key.id,
        overlap=timedelta(days=1),
        now=NOW,
        actor=SYSTEM,
    )
    desk.signs_in_with(new.text)
    assert told(desk.refund(sale, lines=[(1, 1)])) == (409, "refund_limit_reached")


def test_a_vendors_keys_share_what_the_grant_lets_them_give_back(world: World) -> None:
    partner = create_partner(reference="kassabouw", name="Kassabouw", actor=SYSTEM)
    grant_partner(
        partner_id=partner.pk,
        merchant_id=world.bol.merchant.pk,
        actor=SYSTEM,
        now=NOW,
        allowance=Allowance(live=["refunds:write"], refunds_a_day=420),
    )
    desk, sale = Desk(world.till), sold(world)
    answers = []
    for name in ("one", "two"):
        key = issue_partner_key(
            partner_id=partner.pk,
            mode="live",
            name=name,
            scopes=["refunds:write"],
            actor=SYSTEM,
            now=NOW,
        )
        desk.client.credentials(
            HTTP_AUTHORIZATION=f"Bearer {key.text}",
            HTTP_OK_MERCHANT="bakkerij-bol",
            HTTP_OK_TERMINAL="utrecht/kassa-1",
        )
        answers.append(told(desk.refund(sale, lines=[(1, 1)])))
    assert answers == [(201, 420), (409, "refund_limit_reached")]


def test_a_day_ends_at_midnight_of_the_store(world: World) -> None:
    limits = RefundLimits(holder="key:1", a_day=100, a_reference=None)
    merchant = world.bol.merchant.pk

    def give(now: Any) -> None:
        with merchant_scope(merchant), transaction():
            count_refund(
                merchant_id=merchant,
                limits=limits,
                reference="K",
                amount=100,
                timezone="Europe/Amsterdam",
                now=now,
            )

    last = NOW.replace(hour=22, minute=59)
    give(last)
    with pytest.raises(RefundLimitReached):
        give(last + timedelta(seconds=59))
    give(last + timedelta(minutes=1))


@given(amounts=st.lists(st.integers(1, 300), max_size=12), most=st.integers(0, 900))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_whatever_comes_never_a_cent_more(world: World, amounts: list[int], most: int) -> None:
    holder = f"key:{uuid4().hex[:8]}"
    limits = RefundLimits(holder=holder, a_day=most, a_reference=None)
    merchant, given_back = world.bol.merchant.pk, 0
    for amount in amounts:
        try:
            with merchant_scope(merchant), transaction():
                count_refund(
                    merchant_id=merchant,
                    limits=limits,
                    reference="K",
                    amount=amount,
                    timezone="Europe/Amsterdam",
                    now=NOW,
                )
        except RefundLimitReached:
            assert given_back + amount > most
        else:
            given_back += amount
            assert given_back <= most
    with operator_scope("the test looks"):
        mine = RefundCount.objects.filter(holder=holder)
        assert sum(mine.filter(reference="").values_list("amount", flat=True)) == given_back
        assert sum(mine.filter(reference="K").values_list("amount", flat=True)) == given_back


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_64_tills_at_once_give_back_what_the_key_may_and_no_more(world: World) -> None:
    desk = LimitedDesk(world, a_day=5 * 420 + 419)
    sales = [sold(world) for _sale in range(AT_ONCE)]

    def give(number: int) -> str:
        mine = LimitedDesk.__new__(LimitedDesk)
        Desk.__init__(mine, world.till)
        mine.signs_in_with(desk.key.text)
        status, what = told(mine.refund(sales[number], lines=[(1, 1)]))
        return "given" if status == 201 else str(what)

    assert all_at_once(give) == Count(given=5, refund_limit_reached=AT_ONCE - 5)
    assert len(returns()) == 5
    assert counts()[""] == 5 * 420
    prove()
