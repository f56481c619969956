"""What several browser tests need of Bakkerij Bol, made once, as the world is."""

from functools import cache

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.coupons import listed
from tests.support.world import World

POSTER = "POSTER26"


@cache
def bakery_of(world: World) -> Bakery:
    """Return the bakery with its programme."""
    return Bakery(world)


@cache
def owner_of(world: World) -> Person:
    """Return Olga, who owns the bakery too."""
    shop = bakery_of(world)
    grant_membership(
        person_id=world.olga.pk, merchant_id=shop.merchant_id, role=Role.OWNER, actor=SYSTEM
    )
    return world.olga


@cache
def poster_of(world: World) -> int:
    """Return its offer with a code on a poster, ``POSTER``."""
    return listed(bakery_of(world), POSTER, uses_each=None)
