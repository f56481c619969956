"""Stop sharing points, or let a shop that takes part go; its points keep counting for a while."""

from datetime import datetime

from loyalty.actions.answer_invitation import follow_circle
from loyalty.actions.begin_circle import SHARING
from loyalty.actions.circle_refusals import CircleUnknown
from loyalty.models import Circle, CircleShop, ShopState
from loyalty.models.circle import NOTICE
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import operator_scope


def leave_circle(*, merchant_id: int, shop_id: int, actor: Actor, now: datetime) -> None:
    """Give notice for a shop: by its own merchant, or by the one that began the circle.

    It earns no points from the next quote on. For ``NOTICE`` its points count at the others, and
    theirs there; then it is out, and has its programme to itself again. An invitation is withdrawn,
    and whoever is alone is out at once. Raises ``CircleUnknown``.
    """
    with db.transaction(), operator_scope("a shop stops sharing points"):
        shop = CircleShop.objects.select_related("circle").filter(pk=shop_id).first()
        if shop is None or merchant_id not in {shop.merchant_id, shop.circle.merchant_id}:
            raise CircleUnknown
        Circle.objects.select_for_update().get(pk=shop.circle_id)
        shop.refresh_from_db()
        if shop.state not in {ShopState.INVITED, ShopState.IN}:
            raise CircleUnknown
        others = CircleShop.objects.filter(circle_id=shop.circle_id, state__in=SHARING)
        alone = not others.exclude(pk=shop.pk).exists()
        at_once = alone or shop.state == ShopState.INVITED
        shop.state = ShopState.OUT if at_once else ShopState.LEAVING
        shop.ends_at = now if at_once else now + NOTICE
        shop.save()
        if alone:
            # Nobody is left who could let them in.
            CircleShop.objects.filter(circle_id=shop.circle_id, state=ShopState.INVITED).update(
                state=ShopState.OUT
            )
        follow_circle(circle_id=shop.circle_id, now=now)
        audit.record(
            actor=actor,
            action="circle_left",
            object_type="circle_shop",
            object_id=shop.pk,
            merchant_id=shop.merchant_id,
            data={"circle_id": shop.circle_id, "by": merchant_id, "ends_at": str(shop.ends_at)},
        )
