"""Families that spend the points of the bakery together."""

from datetime import datetime

from loyalty.actions.ask_to_pool import ask_to_pool
from loyalty.actions.join_pool import join_pool
from loyalty.actions.leave_pool import leave_pool
from loyalty.actions.set_gift_limit import set_gift_limit
from loyalty.models import Member, PoolDraw
from loyalty.queries.pools import seats_of
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from tests.loyalty.bakery import Bakery
from tests.support.world import NOW


def allow(bakery: Bakery, *, families: bool = True) -> None:
    set_gift_limit(merchant_id=bakery.merchant_id, most_points=0, families=families, actor=SYSTEM)


def bring_in(keeper: Member, member: Member, *, spends: bool = True, now: datetime = NOW) -> None:
    """Ask a member into the keeper's pool, and say yes for them."""
    ask = ask_to_pool(
        person_id=keeper.person_id,
        member_id=keeper.pk,
        asked=member.person_id,
        spends=spends,
        actor=SYSTEM,
        now=now,
    )
    join_pool(person_id=member.person_id, ask_id=ask.pk, actor=SYSTEM, now=now)


def leave(member: Member, *, now: datetime = NOW) -> int:
    return leave_pool(person_id=member.person_id, member_id=member.pk, actor=SYSTEM, now=now)


def told(member: Member) -> list[tuple[str, int, int, int]]:
    """Return what the pool's page says of each: name, brought, took, and what is theirs."""
    return [(one.name, one.brought, one.took, one.share) for one in seats_of(member.pk)]


def draws() -> list[tuple[str, int]]:
    with operator_scope("the tests look"):
        return list(PoolDraw.objects.order_by("id").values_list("kind", "points"))
