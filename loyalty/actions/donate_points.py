"""Give points to a charity: they are gone, and the merchant owes the charity money for them."""

from datetime import datetime

from loyalty.actions.put_reward import RewardUnknown
from loyalty.actions.settle import PointsGone
from loyalty.actions.wish_to_spend import held_member
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor

DONATE = "loyalty_donate(%s, %s, %s)"


def donate_points(
    *, member_id: int, person_id: int, reward_id: int, actor: Actor, now: datetime
) -> None:
    """Give the points that a charity's reward costs, all or none.

    It is for good. Raises ``NoMember``, ``RewardUnknown``, or ``PointsGone`` where there are fewer.
    """
    with db.transaction():
        member = held_member(member_id, person_id)
        db.later(
            DONATE,
            [member.pk, reward_id, now],
            refusals={
                "OK016": lambda _detail: PointsGone(),
                "OK017": lambda _detail: RewardUnknown(),
            },
        )
        audit.record(
            actor=actor,
            action="points_donated",
            object_type="reward",
            object_id=reward_id,
            merchant_id=member.merchant_id,
        )
