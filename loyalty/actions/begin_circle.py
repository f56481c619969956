"""Begin to share points: name them, and say what they cost at another shop."""

from datetime import datetime

from loyalty.actions.circle_refusals import NoPointsToShare, OtherCurrency, SharesAlready
from loyalty.actions.rulebook import raise_version
from loyalty.models import Circle, CircleShop, Programme, ShopState
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant
from payments.chart import EUR

SHARING = (ShopState.IN, ShopState.LEAVING)


def begin_circle(
    *, merchant_id: int, name: str, points: int, amount: int, actor: Actor, now: datetime
) -> int:
    """Begin a circle with this merchant alone in it, and return its id.

    For each ``points`` that are spent at another shop, their own merchant owes that shop
    ``amount``, in cents. Who joins agrees to it, so that it stays. Raises ``NoPointsToShare``,
    ``SharesAlready`` or ``OtherCurrency``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        # First: who changes this merchant's rules otherwise waits.
        raise_version(merchant_id=merchant_id, now=now)
        if not Programme.objects.exists():
            raise NoPointsToShare
        if Merchant.objects.get(pk=merchant_id).currency != EUR:
            raise OtherCurrency
        if CircleShop.objects.filter(state__in=SHARING).exists():
            raise SharesAlready
        circle: Circle = Circle.objects.create(
            merchant_id=merchant_id, name=name, points=points, amount=amount, begun_at=now
        )
        CircleShop.objects.create(
            circle=circle,
            merchant_id=merchant_id,
            state=ShopState.IN,
            invited_at=now,
            joined_at=now,
        )
        audit.record(
            actor=actor,
            action="circle_begun",
            object_type="circle",
            object_id=circle.pk,
            merchant_id=merchant_id,
            data={"name": name, "points": points, "amount": amount},
        )
        return int(circle.pk)
