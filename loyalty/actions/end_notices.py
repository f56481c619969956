"""Let shops out of their circles whose notice is over."""

from datetime import datetime

from loyalty.actions.answer_invitation import follow_circle
from loyalty.models import Circle, CircleShop, ShopState
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import operator_scope


def end_notices(*, now: datetime, actor: Actor) -> int:
    """Take out who gave notice long enough ago; return how many. It may run twice."""
    with operator_scope("shops whose notice is over"):
        due = list(
            CircleShop.objects.filter(state=ShopState.LEAVING, ends_at__lte=now).values_list(
                "pk", "circle_id"
            )
        )
        return sum(_end(shop_id, circle_id, actor=actor, now=now) for shop_id, circle_id in due)


def _end(shop_id: int, circle_id: int, *, actor: Actor, now: datetime) -> int:
    with db.transaction():
        Circle.objects.select_for_update().get(pk=circle_id)
        ended = CircleShop.objects.filter(pk=shop_id, state=ShopState.LEAVING, ends_at__lte=now)
        merchant_id = ended.values_list("merchant_id", flat=True).first()
        if merchant_id is None:
            return 0
        ended.update(state=ShopState.OUT)
        follow_circle(circle_id=circle_id, now=now)
        audit.record(
            actor=actor,
            action="circle_notice_ended",
            object_type="circle_shop",
            object_id=shop_id,
            merchant_id=merchant_id,
            data={"circle_id": circle_id},
        )
    return 1
