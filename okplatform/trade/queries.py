"""What others ask about the catalogue."""

from collections.abc import Collection
from dataclasses import dataclass

from okplatform.kernel import db
from okplatform.trade import gtins

FIND = """
SELECT product.sku, product.gtin, product.name, product.unit, product.price, product.vat_rate_bp,
    coalesce(category.reference, '')
FROM trade_product product
LEFT JOIN trade_category category ON category.id = product.category_id
WHERE product.merchant_id = %(merchant)s AND product.active AND (
    product.sku = %(text)s
    OR (product.gtin = %(gtin)s AND product.gtin <> '')
    OR lower(product.name) LIKE %(prefix)s
)
ORDER BY product.sku = %(text)s DESC, product.gtin = %(gtin)s DESC, product.name, product.id
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product as a till needs it; ``price`` per piece, or per 1,000 gram or millilitre."""

    sku: str
    gtin: str
    name: str
    unit: str
    price: int
    vat_rate_bp: int
    category_reference: str


def find_products(*, merchant_id: int, text: str, limit: int) -> list[FoundProduct]:
    """Return the products a cashier may mean: by SKU, by bar code, by the start of the name.

    An exact SKU or bar code comes first. An empty text finds nothing.
    """
    wanted = text.strip()
    if not wanted:
        return []
    escaped = wanted.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    rows = db.call(
        FIND,
        {
            "merchant": merchant_id,
            "text": wanted,
            "gtin": gtins.normalised(wanted) or "",
            "prefix": f"{escaped}%",
            "limit": limit,
        },
    )
    return [FoundProduct(*row) for row in rows]


def categories_of(*, merchant_id: int, skus: Collection[str]) -> dict[str, str]:
    """Return the category of each product that has one, by SKU; for offers on a category."""
    rows = db.call(
        """
        SELECT product.sku, category.reference
        FROM trade_product product JOIN trade_category category ON category.id = product.category_id
        WHERE product.merchant_id = %s AND product.sku = ANY(%s)
        """,
        [merchant_id, list(skus)],
    )
    return dict(rows)
