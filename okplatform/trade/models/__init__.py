"""What was sold, and what came back: catalogue, sales, returns. Facts, no process."""

from okplatform.trade.models.catalogue import Category, Product, Unit
from okplatform.trade.models.sale import (
    LineKind,
    Sale,
    SaleLine,
    SaleState,
    Tender,
    TenderKind,
)
from okplatform.trade.models.sale_return import Return, ReturnLine, ReturnTender

__all__ = [
    "Category",
    "LineKind",
    "Product",
    "Return",
    "ReturnLine",
    "ReturnTender",
    "Sale",
    "SaleLine",
    "SaleState",
    "Tender",
    "TenderKind",
    "Unit",
]
