"""What a stamp card could count: the merchant's categories, and what their pieces cost."""

from collections.abc import Iterator, Mapping

from django.db.models import Max, Min

from loyalty.builder.scheme import Goods
from okplatform.trade.models import Category, Product
from okplatform.trade.models.catalogue import Unit

MOST = 100
"""So many are offered: of more nobody chooses from a list."""


def stamp_goods() -> list[Goods]:
    """Return categories with goods by the piece, the merchant's scope open.

    What lies below a category counts too. First are those whose goods cost most alike, for there
    the free one costs what the others did.
    """
    above = dict(Category.objects.values_list("reference", "parent__reference"))
    names = dict(Category.objects.values_list("reference", "name"))
    sold = Product.objects.filter(active=True, unit=Unit.PIECE, price__gt=0, category__isnull=False)
    prices = sold.values_list("category__reference").annotate(Min("price"), Max("price"))
    found: dict[str, tuple[int, int]] = {}
    for category, cheapest, dearest in prices.order_by():
        for each in _lineage(category, above):
            low, high = found.get(each, (cheapest, dearest))
            found[each] = min(low, cheapest), max(high, dearest)
    goods = [Goods(each, names[each], low, high) for each, (low, high) in found.items()]
    return sorted(goods, key=lambda one: (one.dearest / one.cheapest, one.name, one.reference))[
        :MOST
    ]


def _lineage(category: str, above: Mapping[str, str | None]) -> Iterator[str]:
    at: str | None = category
    while at is not None:
        yield at
        at = above.get(at)
