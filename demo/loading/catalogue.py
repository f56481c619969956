"""The catalogue of a demo merchant: what is missing is put in, what is there stays as it is."""

from collections.abc import Iterable

from demo.journey import CategoryFacts
from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.actions.bulk import copy_products
from okplatform.trade.actions.create_category import create_category
from okplatform.trade.facts import ProductFacts
from okplatform.trade.models import Category, Product

# Keeps the JSON document of one call to a few megabytes.
AT_ONCE = 20_000


def product_ids(merchant_id: int) -> dict[str, int]:
    """Return the ids of all products a merchant has, by SKU."""
    with merchant_scope(merchant_id):
        return dict(Product.objects.values_list("sku", "pk"))


def load_catalogue(
    merchant_id: int, categories: Iterable[CategoryFacts], products: Iterable[ProductFacts]
) -> dict[str, int]:
    """Put in the categories (parents come first) and products; return all products' ids by SKU."""
    ids = product_ids(merchant_id)
    with merchant_scope(merchant_id):
        known = set(Category.objects.values_list("reference", flat=True))
    for category in categories:
        if category.reference not in known:
            create_category(
                merchant_id=merchant_id,
                reference=category.reference,
                name=category.name,
                parent_reference=category.parent,
                actor=SYSTEM,
            )
    missing = [product for product in products if product.sku not in ids]
    for start in range(0, len(missing), AT_ONCE):
        with db.transaction():
            ids |= copy_products(
                merchant_id=merchant_id, products=missing[start : start + AT_ONCE], actor=SYSTEM
            )
    return ids
