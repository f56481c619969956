"""Points that members give each other."""

from datetime import datetime

from loyalty.models import GiftState, GiftTerms, PointsGift
from okplatform.kernel.tenancy import operator_scope


def most_to_give(merchant_id: int) -> int:
    """Return how many points a member may give others in 30 days; 0 where nobody may."""
    with operator_scope("whether points can be given"):
        terms = GiftTerms.objects.filter(merchant_id=merchant_id).first()
    return int(terms.most_points) if terms else 0


def gifts_waiting(member_id: int, *, now: datetime) -> list[PointsGift]:
    """Return what a member offers and nobody took yet, the newest first."""
    with operator_scope("a member's own gifts"):
        found = PointsGift.objects.filter(
            giver_id=member_id, state=GiftState.WAITING, ends_at__gt=now
        )
        return list(found.order_by("-offered_at", "-id"))
