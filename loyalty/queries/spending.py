"""What a member sees of spending points at one programme."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.models import SpendingVersion
from loyalty.queries.cards import Card
from okplatform.kernel import db
from okplatform.kernel.tenancy import operator_scope

SPENDING = """
SELECT terms.points, terms.amount, terms.step, terms.minimum, terms.most_bp,
    wish.id IS NOT NULL, wish.points
FROM loyalty_spending terms
LEFT JOIN loyalty_wish wish ON wish.member_id = %s AND wish.reward_id IS NULL
WHERE terms.merchant_id = %s AND terms.is_on
"""


@dataclass(frozen=True, slots=True)
class Spending:
    """The terms on which a member spends points, and what the member chose (None: all).

    See ``loyalty.models.SpendingTerms``.
    """

    points: int
    amount: int
    step: int
    minimum: int
    most_bp: int
    is_chosen: bool
    chosen: int | None
    has: int

    @property
    def most(self) -> int:
        """Return how many of the member's points could be spent on a basket large enough."""
        return self.has // self.step * self.step if self.has >= self.minimum else 0

    @property
    def most_worth(self) -> int:
        """Return what those take off, in minor units."""
        return self.most // self.points * self.amount

    @property
    def missing(self) -> int:
        """Return how many points are missing to the least that may be spent."""
        return max(self.minimum - self.has, 0)


def spending_of(card: Card, *, pooled: int = 0) -> Spending | None:
    """Return how the member of a card spends points there; None where nobody can.

    ``pooled`` are points of the family's that they may spend too.
    """
    rows = db.call(SPENDING, (card.member_id, card.merchant_id))
    if not rows:
        return None
    points, amount, step, minimum, most_bp, is_chosen, chosen = rows[0]
    return Spending(
        points=points,
        amount=amount,
        step=step,
        minimum=minimum,
        most_bp=most_bp,
        is_chosen=is_chosen,
        chosen=chosen,
        has=(card.points or 0) + pooled,
    )


def due_spending(*, now: datetime) -> list[int]:
    """Return the merchants whose spending terms begin now."""
    with operator_scope("spending terms that begin"):
        due = SpendingVersion.objects.filter(started_at=None, starts_at__lte=now)
        return list(due.order_by("starts_at").values_list("merchant_id", flat=True))


@dataclass(frozen=True, slots=True)
class SpentNote:
    """What the receipt of a sale says of the points that paid a part of it."""

    points: int
    given_back: int
    points_name: str


SPENT_AT = """
SELECT spend.points, spend.given_back, programme.points_name ->> %s
FROM loyalty_spend spend
JOIN loyalty_member member ON member.id = spend.member_id AND member.person_id = %s
JOIN loyalty_programme programme ON programme.id = member.programme_id
WHERE spend.sale_id = %s
"""


def spent_at(*, sale_id: int, person_id: int, language: str) -> SpentNote | None:
    """Return what a sale took of this person's points; None where it took none."""
    rows = db.call(SPENT_AT, (language, person_id, sale_id))
    return SpentNote(*rows[0]) if rows else None
