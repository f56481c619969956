"""Articles of the data as articles for sale.

Apart from the import (demo/loading/journey.py), whose packages `make run` does without.
"""

from demo.journey import Product
from okplatform.trade.facts import ProductFacts


def product_facts(product: Product, price: int) -> ProductFacts:
    """Give an article to the catalogue; what never had a price is not for sale."""
    return ProductFacts(
        sku=product.sku,
        name=product.name,
        price=price,
        vat_rate_bp=product.vat_rate_bp,
        gtin=product.gtin,
        unit=product.unit,
        category_reference=product.category_reference or None,
        active=price > 0,
    )
