"""What a member sees of rewards at one programme."""

from dataclasses import dataclass

from loyalty.models import RewardKind
from loyalty.queries.cards import Card
from okplatform.kernel import db

REWARDS = """
SELECT reward.id, reward.name ->> %(language)s, reward.kind, reward.cost, reward.amount,
    reward.charity, coalesce(wish.reward_id = reward.id, false),
    -- What is had at once, without a sale, costs the member's own points of this shop, whatever
    -- else counts at its till.
    %(has)s::bigint + CASE WHEN reward.kind IN ('donation', 'gift_card')
        THEN -loyalty_points_elsewhere(%(member)s) ELSE %(pooled)s END
FROM loyalty_reward reward LEFT JOIN loyalty_wish wish ON wish.member_id = %(member)s
WHERE reward.merchant_id = %(merchant)s AND reward.state = 'active'
    AND (reward.kind <> 'gift_card' OR EXISTS (
        SELECT FROM payments_gift_card_terms terms
        WHERE terms.merchant_id = reward.merchant_id AND terms.is_selling))
ORDER BY reward.cost, reward.id LIMIT %(most)s
"""
MOST_REWARDS = 50


@dataclass(frozen=True, slots=True)
class RewardSeen:
    """A reward as a member sees it who ``has`` so many points."""

    id: int
    name: str
    kind: str
    cost: int
    amount: int
    charity: str
    is_chosen: bool
    has: int

    @property
    def missing(self) -> int:
        """Return how many points are missing; 0 where it can be had."""
        return max(self.cost - self.has, 0)

    @property
    def is_gift(self) -> bool:
        """Say whether it goes to a charity, at once."""
        return self.kind == RewardKind.DONATION

    @property
    def is_card(self) -> bool:
        """Say whether it is a gift card, had at once."""
        return self.kind == RewardKind.GIFT_CARD


def rewards_of(card: Card, *, language: str, pooled: int = 0) -> list[RewardSeen]:
    """Return the rewards of a member's programme, the cheapest first.

    ``pooled`` are points of the family's that buy one too; what is had at once costs one's own.
    """
    params = {
        "language": language,
        "member": card.member_id,
        "merchant": card.merchant_id,
        "most": MOST_REWARDS,
        "has": card.points or 0,
        "pooled": pooled,
    }
    return [RewardSeen(*row) for row in db.call(REWARDS, params)]
