"""What a retailer sees of offers: what they say, and what they gave."""

from dataclasses import dataclass
from datetime import date

from okplatform.kernel import db


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer in the list; ``given`` counts only while it is limited, ``left_uses`` in baskets."""

    id: int
    name: str
    kind: str
    target: str
    percentage_bp: int | None
    amount: int | None
    pieces: int | None
    min_basket: int
    most: int | None
    state: str
    members_only: bool
    by_code: bool
    assigned: bool
    first_day: date | None
    last_day: date | None
    budget: int | None
    uses: int | None
    left_amount: int | None
    left_uses: int | None


_OFFERS = """
SELECT offer.id, offer.name ->> %s, offer.kind, offer.target, offer.percentage_bp,
    offer.amount, offer.pieces, offer.min_basket, offer.most, offer.state, offer.members_only,
    offer.by_code, offer.assigned, offer.first_day, offer.last_day, offer.budget, offer.uses,
    sum(budget.left_amount)::bigint, sum(budget.left_uses)
FROM loyalty_offer offer
LEFT JOIN loyalty_offer_budget budget ON budget.offer_id = offer.id AND budget.mode = 'live'
WHERE offer.merchant_id = %s
GROUP BY offer.id
ORDER BY offer.state, coalesce(offer.last_day, 'infinity') DESC, offer.id DESC
"""


def offers_of(*, merchant_id: int, language: str) -> list[OfferLine]:
    """Return a merchant's offers, active ones first, with what is left of them in live mode."""
    return [OfferLine(*row) for row in db.call(_OFFERS, (language, merchant_id))]
