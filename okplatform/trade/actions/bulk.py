"""Write the past at once: an importer's twins of the actions, with every constraint in force.

The past is known to everybody already, so nothing is published. An importer that also books points
or money calls their bulk twins with the ids it gets here, in the same transaction. Some thousands
of sales per call keep memory small and the database busy.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.trade.actions.put_product import write_products
from okplatform.trade.copying import copy_rows, escaped
from okplatform.trade.facts import ProductFacts

SALE_COLUMNS = (
    "id, merchant_id, mode, uuid, store_id, terminal_id, person_id, revision, state, currency,"
    " gross, discount, due, points_earned, basket_hash, draft, operator, language, reference,"
    " opened_at, closed_at, trace_id"
)
LINE_COLUMNS = (
    "sale_id, merchant_id, mode, number, product_id, sku, name, quantity, unit, unit_price, gross,"
    " discount, paid, vat_rate_bp, vat, points, reasons, category_reference"
)
TENDER_COLUMNS = "sale_id, merchant_id, mode, number, kind, amount, reference"
NEXT_IDS = """
SELECT nextval(pg_get_serial_sequence('trade_sale', 'id')) FROM generate_series(1, %s)
"""


class PastLine(NamedTuple):
    """A line of a past sale, as ``facts.LineFacts``; ``reasons`` is JSON text."""

    product_id: int | None
    sku: str
    name: str
    quantity: int
    unit: str
    unit_price: int
    gross: int
    discount: int
    vat_rate_bp: int
    vat: int
    category_reference: str
    points: int = 0
    reasons: str = "[]"


class PastTender(NamedTuple):
    """What paid a part of a past sale."""

    kind: str
    amount: int
    reference: str = ""


class PastSale(NamedTuple):
    """A sale that was closed at ``closed_at``; numbers of lines and tenders follow their order."""

    uuid: UUID
    store_id: int
    terminal_id: int | None
    person_id: int | None
    closed_at: datetime
    lines: Sequence[PastLine]
    tenders: Sequence[PastTender]
    currency: str = "EUR"
    language: str = "nl"
    reference: str = ""
    points_earned: int = 0


@db.transaction_required
def copy_sales(
    *, merchant_id: int, mode: str, sales: Sequence[PastSale], actor: Actor
) -> list[int]:
    """Write closed sales with their lines and tenders; return their ids in order.

    PostgreSQL refuses (``IntegrityError``) the whole call for one UUID that exists already, one
    store of another merchant, one person of the other mode, or one sale that does not add up.
    """
    ids = [row[0] for row in db.call(NEXT_IDS, [len(sales)])]
    whose = f"{merchant_id}\t{mode}"
    copy_rows("trade_sale", SALE_COLUMNS, _sales(ids, sales, whose))
    copy_rows("trade_sale_line", LINE_COLUMNS, _lines(ids, sales, whose))
    copy_rows("trade_tender", TENDER_COLUMNS, _tenders(ids, sales, whose))
    audit.record(
        actor=actor,
        action="past_sales_copied",
        object_type="merchant",
        object_id=merchant_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"sales": len(sales)},
    )
    return ids


@db.transaction_required
def copy_products(
    *, merchant_id: int, products: Iterable[ProductFacts], actor: Actor
) -> dict[str, int]:
    """Put many products in the catalogue; return their ids by SKU."""
    ids = write_products(merchant_id=merchant_id, products=list(products))
    audit.record(
        actor=actor,
        action="products_copied",
        object_type="merchant",
        object_id=merchant_id,
        merchant_id=merchant_id,
        data={"products": len(ids)},
    )
    return ids


def _sales(ids: Sequence[int], sales: Sequence[PastSale], whose: str) -> Iterator[str]:
    for sale_id, sale in zip(ids, sales, strict=True):
        gross = sum(line.gross for line in sale.lines)
        discount = sum(line.discount for line in sale.lines)
        at = sale.closed_at.isoformat()
        yield (
            f"{sale_id}\t{whose}\t{sale.uuid}\t{sale.store_id}\t{_or_null(sale.terminal_id)}\t"
            f"{_or_null(sale.person_id)}\t0\tclosed\t{sale.currency}\t{gross}\t{discount}\t"
            f"{gross - discount}\t{sale.points_earned}\t\t{{}}\t\t{sale.language}\t"
            f"{escaped(sale.reference)}\t{at}\t{at}\t\n"
        )


def _lines(ids: Sequence[int], sales: Sequence[PastSale], whose: str) -> Iterator[str]:
    text = lru_cache(maxsize=200_000)(escaped)  # names and reasons come again and again
    for sale_id, sale in zip(ids, sales, strict=True):
        for number, line in enumerate(sale.lines, start=1):
            yield (
                f"{sale_id}\t{whose}\t{number}\t{_or_null(line.product_id)}\t{text(line.sku)}\t"
                f"{text(line.name)}\t{line.quantity}\t{line.unit}\t{line.unit_price}\t{line.gross}\t"
                f"{line.discount}\t{line.gross - line.discount}\t{line.vat_rate_bp}\t{line.vat}\t"
                f"{line.points}\t{text(line.reasons)}\t{text(line.category_reference)}\n"
            )


def _tenders(ids: Sequence[int], sales: Sequence[PastSale], whose: str) -> Iterator[str]:
    for sale_id, sale in zip(ids, sales, strict=True):
        for number, tender in enumerate(sale.tenders, start=1):
            reference = escaped(tender.reference)
            yield f"{sale_id}\t{whose}\t{number}\t{tender.kind}\t{tender.amount}\t{reference}\n"


def _or_null(number: int | None) -> str | int:
    return r"\N" if number is None else number
