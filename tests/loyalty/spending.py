"""A bakery whose points can be spent, and members who have some."""

from datetime import datetime
from typing import Any

from loyalty.actions.put_reward import RewardTerms, put_reward
from loyalty.actions.put_spending import SpendingPromise, put_spending
from loyalty.actions.wish_to_spend import wish_to_spend
from loyalty.engine import Texts
from loyalty.models import Member, RewardKind, Spend, Wish
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.support.world import NOW

HELD = """
SELECT ledger_balance_for('member_points_held', id, 'points:' || programme_id, mode)
FROM loyalty_member WHERE person_id = %s
"""


def open_spending(bakery: Bakery, **other: Any) -> None:
    """Let 100 points take € 1.00 off, in hundreds, up to half of a basket."""
    terms = {"points": 100, "amount": 100, "step": 100, "minimum": 100, "most_bp": 5_000}
    put_spending(
        merchant_id=bakery.merchant_id,
        promise=SpendingPromise(**{**terms, **other}),
        actor=SYSTEM,
        now=NOW,
    )


def member_with(bakery: Bakery, person: Person, points: int, *, at: datetime = NOW) -> Member:
    """Make somebody a member who has so many points, by a sale that earned them."""
    member = bakery.join(person)
    bakery.sell(points * 100, person, at=at)
    return member


def wish(member: Member, points: int | None = None) -> None:
    """Choose points on the phone."""
    wish_to_spend(
        member_id=member.pk,
        person_id=member.person_id,
        points=points,
        actor=SYSTEM,
        now=NOW,
    )


def wishes() -> list[int | None]:
    with operator_scope("the tests look"):
        return list(Wish.objects.values_list("points", flat=True))


def spends() -> list[tuple[int, int, str, int]]:
    with operator_scope("the tests look"):
        found = Spend.objects.order_by("spent_at", "sale_id")
        return list(found.values_list("points", "amount", "state", "given_back"))


def held(person: Person) -> int:
    """Return what the ledger sets aside."""
    return int(call(HELD, [person.pk])[0][0] or 0)


def reward(bakery: Bakery, kind: RewardKind = RewardKind.MONEY_OFF, **other: Any) -> int:
    """Make a reward: € 5 off for 400 points, or another."""
    terms: dict[str, Any] = {"name": Texts(nl="€ 5 korting", en="€5 off"), "cost": 400}
    if kind in {RewardKind.MONEY_OFF, RewardKind.DONATION, RewardKind.GIFT_CARD}:
        terms["amount"] = 500
    if kind is RewardKind.DONATION:
        terms["charity"] = "Voedselbank"
    return put_reward(
        merchant_id=bakery.merchant_id,
        terms=RewardTerms(kind=kind, **{**terms, **other}),
        actor=SYSTEM,
        now=NOW,
    )


def choose_reward(member: Member, reward_id: int) -> None:
    wish_to_spend(
        member_id=member.pk,
        person_id=member.person_id,
        reward_id=reward_id,
        actor=SYSTEM,
        now=NOW,
    )
