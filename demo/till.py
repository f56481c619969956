"""What a till says to OK: the body of the one-call sale."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Rung(NamedTuple):
    """A line as a till rings it up: the shelf price, and what OK takes off is OK's."""

    sku: str
    name: str
    quantity: int
    unit: str
    unit_price: int
    vat_rate_bp: int
    category: str


def sale_body(
    *, store: str, terminal: str, lines: Iterable[Rung], tender: str, code: str | None = None
) -> dict[str, Any]:
    """Give the body of `PUT /api/v1/sales/{uuid}` that sells these lines at once."""
    return {
        "revision": 1,
        "store": store,
        "terminal": terminal,
        "currency": "EUR",
        "code": code,
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "category": line.category,
                "quantity": line.quantity,
                "unit": line.unit,
                "unit_price": line.unit_price,
                "vat_rate": line.vat_rate_bp,
            }
            for line in lines
        ],
        "payment": {"tenders": [{"kind": tender}]},
    }
