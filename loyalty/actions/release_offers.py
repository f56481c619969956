"""Give back coupons, points, stamps, and what limited offers set aside for a sale given up."""

from datetime import datetime

from okplatform.kernel import db

# In one order, as settling does; what is given back lies in the first part until the next till
# lays the rest out anew.
RELEASE = """
WITH given AS (
    DELETE FROM loyalty_offer_use WHERE sale_id = %s RETURNING offer_id, mode, amount
), locked AS (
    SELECT budget.offer_id, budget.mode FROM loyalty_offer_budget budget
    JOIN given ON given.offer_id = budget.offer_id AND given.mode = budget.mode
    WHERE budget.shard = 0 ORDER BY budget.offer_id FOR UPDATE OF budget
)
UPDATE loyalty_offer_budget budget
SET left_amount = budget.left_amount + given.amount, left_uses = budget.left_uses + 1
FROM given JOIN locked USING (offer_id, mode)
WHERE budget.offer_id = given.offer_id AND budget.mode = given.mode AND budget.shard = 0
"""
RELEASE_OWN = """
SELECT loyalty_release_coupons(%s), loyalty_release_member(%s), loyalty_release_stamps(%s),
    loyalty_end_shared_hold(%s, %s)
"""
RELEASE_BONUSES = "DELETE FROM loyalty_bonus_use WHERE sale_id = %s"


@db.transaction_required
def release_offers(*, sale_id: int, now: datetime) -> None:
    """Give back the coupons, points, stamps and budgets that a sale took that will never close.

    A part of giving that sale up, whose audit row and event tell of it; doing it again is fine.
    """
    db.call(RELEASE_OWN, [sale_id, sale_id, sale_id, sale_id, now])
    db.call(RELEASE, [sale_id])
    db.call(RELEASE_BONUSES, [sale_id])
