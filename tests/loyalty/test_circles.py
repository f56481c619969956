"""Who shares points with whom: invited, answered, left after a notice, and refused."""

from typing import Any

import pytest

from loyalty.actions.answer_invitation import answer_invitation
from loyalty.actions.begin_circle import begin_circle
from loyalty.actions.circle_refusals import (
    CircleUnknown,
    NoPointsToShare,
    OtherCurrency,
    SharesAlready,
    ShopIsThere,
    ShopNotFound,
    ShopSharesElsewhere,
)
from loyalty.actions.end_notices import end_notices
from loyalty.actions.invite_to_circle import invite_to_circle
from loyalty.actions.leave_circle import leave_circle
from loyalty.models import CircleShop
from loyalty.models.circle import NOTICE
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant, Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.sharing import Dairy, buys_with, invite, owed, share
from tests.loyalty.spending import member_with
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


def state_of(shop: Bakery) -> str:
    with operator_scope("the test looks"):
        return str(CircleShop.objects.get(merchant_id=shop.merchant_id).state)


def shop_of(shop: Bakery) -> int:
    with operator_scope("the test looks"):
        return int(CircleShop.objects.get(merchant_id=shop.merchant_id).pk)


def test_who_gives_notice_earns_nothing_and_points_keep_counting(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 350)
    dairy.join(alice)
    leave_circle(merchant_id=bakery.merchant_id, shop_id=shop_of(bakery), actor=SYSTEM, now=NOW)
    bakery.sell(5_000, alice)
    assert bakery.points(alice) == 350
    buys_with(dairy, alice, 200)
    assert (bakery.points(alice), owed(dairy)) == (150, 160)
    assert end_notices(now=NOW, actor=SYSTEM) == 0
    assert end_notices(now=NOW + NOTICE, actor=SYSTEM) == 1
    assert end_notices(now=NOW + NOTICE, actor=SYSTEM) == 0
    seen = dairy.price(1_000, alice).member
    assert seen is not None
    assert seen.points == 8
    bakery.sell(5_000, alice)
    assert (bakery.points(alice), owed(bakery)) == (200, -160)
    prove()


def test_alone_one_is_out_at_once(bakery: Bakery, dairy: Dairy) -> None:
    share(bakery)
    shop = invite(bakery, dairy)
    leave_circle(merchant_id=bakery.merchant_id, shop_id=shop_of(bakery), actor=SYSTEM, now=NOW)
    assert (state_of(bakery), state_of(dairy)) == ("out", "out")
    with pytest.raises(CircleUnknown):
        answer(dairy, shop)
    share(bakery)


def answer(shop: Bakery, number: int, *, accept: bool = True) -> None:
    answer_invitation(
        merchant_id=shop.merchant_id, shop_id=number, accept=accept, actor=SYSTEM, now=NOW
    )


def test_a_no_can_be_asked_again(bakery: Bakery, dairy: Dairy) -> None:
    share(bakery)
    number = invite(bakery, dairy)
    with pytest.raises(ShopIsThere):
        invite(bakery, dairy)
    answer(dairy, number, accept=False)
    with pytest.raises(CircleUnknown):
        answer(dairy, number)
    answer(dairy, invite(bakery, dairy))
    assert state_of(dairy) == "in"
    with pytest.raises(ShopIsThere):
        invite(bakery, dairy)
    with pytest.raises(ShopIsThere):
        invite(bakery, bakery)


def test_one_circle_at_a_time(bakery: Bakery, dairy: Dairy) -> None:
    share(bakery)
    number = invite(bakery, dairy)
    share(dairy)
    with pytest.raises(SharesAlready):
        answer(dairy, number)
    with pytest.raises(SharesAlready):
        share(dairy)
    with pytest.raises(ShopSharesElsewhere):
        invite(dairy, bakery)


def test_who_cannot_share_is_told_why(bakery: Bakery, dairy: Dairy, world: World) -> None:
    share(bakery)
    kramer = world.kramer.merchant
    ask: dict[str, Any] = {"merchant_id": bakery.merchant_id, "actor": SYSTEM, "now": NOW}
    with pytest.raises(ShopNotFound):
        invite_to_circle(reference="nowhere", **ask)
    number = invite_to_circle(reference=kramer.reference, **ask)
    with pytest.raises(NoPointsToShare):
        answer_invitation(merchant_id=kramer.pk, shop_id=number, accept=True, actor=SYSTEM, now=NOW)
    with pytest.raises(CircleUnknown):
        invite(dairy, bakery)
    with pytest.raises(CircleUnknown):
        answer(dairy, number)
    with pytest.raises(CircleUnknown):
        leave_circle(merchant_id=dairy.merchant_id, shop_id=number, actor=SYSTEM, now=NOW)
    Merchant.objects.filter(pk=dairy.merchant_id).update(currency="SEK")
    with pytest.raises(OtherCurrency):
        invite(bakery, dairy)
    with pytest.raises(OtherCurrency):
        share(dairy)
    with pytest.raises(NoPointsToShare):
        begin_circle(merchant_id=kramer.pk, name="x", points=1, amount=1, actor=SYSTEM, now=NOW)
