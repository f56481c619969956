"""What was sold: the catalogue, and sales with their lines and tenders. Facts, no process."""

from okplatform.trade.models.catalogue import Category, Product, Unit
from okplatform.trade.models.sale import Sale, SaleLine, SaleState, Tender, TenderKind

__all__ = [
    "Category",
    "Product",
    "Sale",
    "SaleLine",
    "SaleState",
    "Tender",
    "TenderKind",
    "Unit",
]
