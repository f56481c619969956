"""Say what products cost the merchant."""

from collections.abc import Mapping
from datetime import datetime

from okplatform.kernel import audit, db, events
from okplatform.kernel.audit import Actor
from okplatform.trade.actions.refusals import ProductsUnknown
from okplatform.trade.events import CostsChanged

MOST_NAMED = 5

PUT = """
UPDATE trade_product product SET cost = said.cost
FROM unnest(%(skus)s::text[], %(costs)s::bigint[]) AS said (sku, cost)
WHERE product.merchant_id = %(merchant)s AND product.sku = said.sku
RETURNING product.sku
"""


def put_costs(
    *, merchant_id: int, costs: Mapping[str, int | None], actor: Actor, now: datetime
) -> int:
    """Write the costs of products, by SKU; return how many. None is not known any more.

    In minor units without VAT, per piece or per 1,000 gram or millilitre. Raises
    ``ProductsUnknown``, and then no cost has changed.
    """
    with db.transaction():
        said = {"merchant": merchant_id, "skus": list(costs), "costs": list(costs.values())}
        written = {sku for (sku,) in db.call(PUT, said)}
        unknown = [sku for sku in costs if sku not in written]
        if unknown:
            raise ProductsUnknown(unknown=", ".join(unknown[:MOST_NAMED]), count=len(unknown))
        audit.record(
            actor=actor,
            action="costs_put",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"products": len(written)},
        )
        changed = CostsChanged(merchant_id=merchant_id)
        events.publish(changed, now=now, merchant_id=merchant_id)
        return len(written)
