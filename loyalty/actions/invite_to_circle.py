"""Invite another merchant to share points; its owner says yes in its own console."""

from datetime import datetime

from loyalty.actions.begin_circle import SHARING
from loyalty.actions.circle_refusals import (
    CircleFull,
    CircleUnknown,
    OtherCurrency,
    ShopIsThere,
    ShopNotFound,
    ShopSharesElsewhere,
)
from loyalty.models import Circle, CircleShop, ShopState
from loyalty.models.circle import MOST_SHOPS
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant
from payments.chart import EUR


def invite_to_circle(*, merchant_id: int, reference: str, actor: Actor, now: datetime) -> int:
    """Invite the merchant of this reference to the circle that this one began; return its id.

    Who has left, or was not interested, can be asked again. Raises ``CircleUnknown``,
    ``ShopNotFound``, ``ShopIsThere``, ``ShopSharesElsewhere``, ``OtherCurrency`` or ``CircleFull``.
    """
    with db.transaction(), operator_scope("a shop invites another to share points"):
        circle = (
            Circle.objects.select_for_update()
            .filter(
                merchant_id=merchant_id,
                shops__merchant_id=merchant_id,
                shops__state=ShopState.IN,
            )
            .first()
        )
        if circle is None:
            raise CircleUnknown
        other = Merchant.objects.filter(reference=reference).first()
        if other is None:
            raise ShopNotFound
        if other.currency != EUR:
            raise OtherCurrency
        taking_part = CircleShop.objects.filter(circle=circle).exclude(state=ShopState.OUT)
        if taking_part.filter(merchant=other).exists():
            raise ShopIsThere
        if CircleShop.objects.filter(merchant=other, state__in=SHARING).exists():
            raise ShopSharesElsewhere
        if taking_part.count() >= MOST_SHOPS:
            raise CircleFull
        shop, _is_new = CircleShop.objects.update_or_create(
            circle=circle,
            merchant=other,
            defaults={
                "state": ShopState.INVITED,
                "invited_at": now,
                "joined_at": None,
                "ends_at": None,
            },
        )
        for whose in (merchant_id, other.pk):
            audit.record(
                actor=actor,
                action="circle_invited",
                object_type="circle_shop",
                object_id=shop.pk,
                merchant_id=whose,
                data={"circle_id": circle.pk},
            )
        return int(shop.pk)
