"""Say whether members may give points to each other, and families spend theirs together."""

from loyalty.models import GiftTerms
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def set_gift_limit(
    *, merchant_id: int, most_points: int, actor: Actor, families: bool = False
) -> None:
    """Let a member give at most so many points in 30 days; 0 is none, of gifts that wait too.

    Without ``families`` nobody spends points of another; pools that there are stay, and wait.
    """
    with db.transaction(), merchant_scope(merchant_id):
        GiftTerms.objects.update_or_create(
            merchant_id=merchant_id, defaults={"most_points": most_points, "families": families}
        )
        audit.record(
            actor=actor,
            action="gift_limit_set",
            object_type="programme",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"most_points": most_points, "families": families},
        )
