"""What is done together in the demo: two shops share points, and a family spends its own."""

from collections.abc import Mapping
from datetime import datetime

from demo.loading.parties import Premises
from demo.world import CIRCLE, FAMILY, CircleFacts, FamilyFacts
from loyalty.actions.answer_invitation import answer_invitation
from loyalty.actions.ask_to_pool import ask_to_pool
from loyalty.actions.begin_circle import begin_circle
from loyalty.actions.invite_to_circle import invite_to_circle
from loyalty.actions.join_pool import join_pool
from loyalty.actions.set_gift_limit import set_gift_limit
from loyalty.models import Circle, GiftTerms, Member, Pool
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.tenancy import operator_scope


def load_together(
    premises: Mapping[str, Premises], people: Mapping[str, int], now: datetime
) -> None:
    """Let them begin, once: a shop or member that has left since then stays away."""
    with operator_scope("the demo looks what is there"):
        has_circle, has_pool = Circle.objects.exists(), Pool.objects.exists()
    if not has_circle:
        _share(CIRCLE, premises, now)
    if not has_pool:
        _pool(FAMILY, premises[FAMILY.merchant].merchant_id, people, now)


def _share(facts: CircleFacts, premises: Mapping[str, Premises], now: datetime) -> None:
    begun_by, *others = (premises[reference].merchant_id for reference in facts.merchants)
    begin_circle(
        merchant_id=begun_by,
        name=facts.name,
        points=100,
        amount=facts.cents_per_hundred_points,
        actor=SYSTEM,
        now=now,
    )
    for reference, merchant_id in zip(facts.merchants[1:], others, strict=True):
        shop_id = invite_to_circle(merchant_id=begun_by, reference=reference, actor=SYSTEM, now=now)
        answer_invitation(
            merchant_id=merchant_id, shop_id=shop_id, accept=True, actor=SYSTEM, now=now
        )


def _pool(facts: FamilyFacts, merchant_id: int, people: Mapping[str, int], now: datetime) -> None:
    keeper, other = people[facts.keeper], people[facts.other]
    with operator_scope("the demo looks who is a member"):
        limit = GiftTerms.objects.filter(merchant_id=merchant_id).first()
        member = Member.objects.get(merchant_id=merchant_id, person_id=keeper)
    set_gift_limit(
        merchant_id=merchant_id,
        most_points=limit.most_points if limit else 0,
        families=True,
        actor=SYSTEM,
    )
    ask = ask_to_pool(
        person_id=keeper,
        member_id=member.pk,
        asked=other,
        spends=True,
        actor=Actor(kind="person", id=str(keeper)),
        now=now,
    )
    join_pool(person_id=other, ask_id=ask.pk, actor=Actor(kind="person", id=str(other)), now=now)
