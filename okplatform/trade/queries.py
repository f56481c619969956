"""What others ask about the catalogue, and about what came back of a sale."""

from collections.abc import Collection
from dataclasses import dataclass

import orjson

from okplatform.kernel import db
from okplatform.trade import gtins
from okplatform.trade.facts import LineStanding, TenderStanding

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


LINES_STANDING = """
SELECT sold.number, sold.sku, sold.name, sold.quantity, sold.unit, sold.paid, sold.vat_rate_bp,
    sold.vat, sold.points, sold.reasons, coalesce(back.quantity, 0)::bigint,
    coalesce(back.amount, 0)::bigint, coalesce(back.vat, 0)::bigint, sold.kind
FROM trade_sale_line sold
LEFT JOIN (
    SELECT line.number, sum(line.quantity) AS quantity, sum(line.amount) AS amount,
        sum(line.vat) AS vat
    FROM trade_return came JOIN trade_return_line line ON line.sale_return_id = came.id
    WHERE came.sale_id = %(sale)s GROUP BY line.number
) AS back ON back.number = sold.number
WHERE sold.sale_id = %(sale)s ORDER BY sold.number
"""

TENDERS_STANDING = """
SELECT paid.kind, sum(paid.amount)::bigint, coalesce((
    SELECT sum(tender.amount) FROM trade_return came
    JOIN trade_return_tender tender ON tender.sale_return_id = came.id
    WHERE came.sale_id = %(sale)s AND tender.kind = paid.kind), 0)::bigint
FROM trade_tender paid WHERE paid.sale_id = %(sale)s
GROUP BY paid.kind ORDER BY min(paid.number)
"""


def lines_standing(sale_id: int) -> list[LineStanding]:
    """Return the lines of a closed sale in their order, with what has come back of each."""
    return [
        LineStanding(
            number=number,
            sku=sku,
            name=name,
            quantity=quantity,
            unit=unit,
            paid=paid,
            vat_rate_bp=rate,
            vat=vat,
            points=points,
            reasons=orjson.loads(reasons),
            returned_quantity=back[0],
            returned_amount=back[1],
            returned_vat=back[2],
            kind=back[3],
        )
        for number, sku, name, quantity, unit, paid, rate, vat, points, reasons, *back in db.call(
            LINES_STANDING, {"sale": sale_id}
        )
    ]


def tenders_standing(sale_id: int) -> list[TenderStanding]:
    """Return what paid a closed sale, by kind in the order it paid, with what has gone back."""
    rows = db.call(TENDERS_STANDING, {"sale": sale_id})
    return [TenderStanding(kind=kind, paid=paid, returned=back) for kind, paid, back in rows]
