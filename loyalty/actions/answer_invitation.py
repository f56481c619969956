"""Accept an invitation to share points, or put it aside."""

from datetime import datetime

from loyalty.actions.begin_circle import SHARING
from loyalty.actions.circle_refusals import (
    CircleUnknown,
    NoPointsToShare,
    OtherCurrency,
    SharesAlready,
)
from loyalty.actions.rulebook import raise_version
from loyalty.models import Circle, CircleShop, Programme, ShopState
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant
from payments.chart import EUR


def answer_invitation(
    *, merchant_id: int, shop_id: int, accept: bool, actor: Actor, now: datetime
) -> None:
    """Take part in the circle of an invitation from the next quote on, at its price; or do not.

    Raises ``CircleUnknown``, and for a yes ``NoPointsToShare``, ``SharesAlready`` or
    ``OtherCurrency``.
    """
    with db.transaction(), operator_scope("a shop answers whether it shares points"):
        shop = CircleShop.objects.filter(pk=shop_id, merchant_id=merchant_id).first()
        if shop is None:
            raise CircleUnknown
        # Held, so that of two answers, and of answering and leaving, one comes first.
        Circle.objects.select_for_update().get(pk=shop.circle_id)
        shop.refresh_from_db()
        if shop.state != ShopState.INVITED:
            raise CircleUnknown
        if accept:
            _check(merchant_id)
        shop.state = ShopState.IN if accept else ShopState.OUT
        shop.joined_at = now if accept else None
        shop.save()
        if accept:
            follow_circle(circle_id=shop.circle_id, now=now)
        audit.record(
            actor=actor,
            action="circle_joined" if accept else "circle_declined",
            object_type="circle_shop",
            object_id=shop.pk,
            merchant_id=merchant_id,
            data={"circle_id": shop.circle_id},
        )


@db.transaction_required
def follow_circle(*, circle_id: int, now: datetime) -> None:
    """Let the next quote of every shop that takes part know who else does."""
    shops = CircleShop.objects.filter(circle_id=circle_id).exclude(state=ShopState.INVITED)
    for merchant_id in shops.order_by("merchant_id").values_list("merchant_id", flat=True):
        raise_version(merchant_id=merchant_id, now=now)


def _check(merchant_id: int) -> None:
    if not Programme.objects.filter(merchant_id=merchant_id).exists():
        raise NoPointsToShare
    if CircleShop.objects.filter(merchant_id=merchant_id, state__in=SHARING).exists():
        raise SharesAlready
    if Merchant.objects.get(pk=merchant_id).currency != EUR:
        raise OtherCurrency
