"""Put a product in the catalogue, or change it."""

from collections.abc import Sequence

import orjson

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.trade import gtins
from okplatform.trade.actions.refusals import CategoryUnknown, GtinInvalid
from okplatform.trade.facts import ProductFacts

PUT = """
INSERT INTO trade_product (
    merchant_id, sku, gtin, name, category_id, unit, price, vat_rate_bp, active,
    warranty_months)
SELECT %(merchant)s, product.sku, product.gtin, product.name,
    (SELECT category.id FROM trade_category category
     WHERE category.merchant_id = %(merchant)s AND category.reference = product.category_reference),
    product.unit, product.price, product.vat_rate_bp, product.active, product.warranty_months
FROM jsonb_to_recordset(%(products)s) AS product(
    sku text, gtin text, name text, category_reference text, unit text, price bigint,
    vat_rate_bp int, active boolean, warranty_months smallint)
ON CONFLICT (merchant_id, sku) DO UPDATE SET
    gtin = excluded.gtin, name = excluded.name, category_id = excluded.category_id,
    unit = excluded.unit, price = excluded.price, vat_rate_bp = excluded.vat_rate_bp,
    active = excluded.active, warranty_months = excluded.warranty_months
RETURNING sku, id, category_id
"""


def put_product(*, merchant_id: int, product: ProductFacts, actor: Actor) -> int:
    """Add the product with this SKU or replace what is known of it; return its id.

    Raises ``GtinInvalid`` or ``CategoryUnknown``.
    """
    with db.transaction():
        ids = write_products(merchant_id=merchant_id, products=[product])
        audit.record(
            actor=actor,
            action="product_put",
            object_type="product",
            object_id=ids[product.sku],
            merchant_id=merchant_id,
            data={"price": product.price, "active": product.active},
        )
    return ids[product.sku]


@db.transaction_required
def write_products(*, merchant_id: int, products: Sequence[ProductFacts]) -> dict[str, int]:
    """Write products in one statement and return their ids by SKU; each SKU comes once."""
    rows = [
        {
            "sku": product.sku,
            "gtin": _gtin(product.gtin),
            "name": product.name,
            "category_reference": product.category_reference,
            "unit": product.unit,
            "price": product.price,
            "vat_rate_bp": product.vat_rate_bp,
            "active": product.active,
            "warranty_months": product.warranty_months,
        }
        for product in products
    ]
    written = db.call(PUT, {"merchant": merchant_id, "products": orjson.dumps(rows).decode()})
    categorised = {product.sku for product in products if product.category_reference is not None}
    if any(category_id is None and sku in categorised for sku, _id, category_id in written):
        raise CategoryUnknown
    return {sku: product_id for sku, product_id, _category in written}


def _gtin(text: str) -> str:
    if not text:
        return ""
    gtin = gtins.normalised(text)
    if gtin is None:
        raise GtinInvalid
    return gtin
