"""All of the Complete Journey data as one merchant: 457 stores, 2,469 households, 155,848 sales."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from django.db.models import Count, Sum

from demo import tables
from demo.journey import Product, as_instant, categories, last_prices, sale_uuid
from demo.loading.articles import product_facts
from demo.loading.catalogue import load_catalogue
from demo.loading.households import load_households
from demo.loading.parties import load_merchant, load_staff
from demo.ringing import Counter
from demo.world import COMPLETE_JOURNEY, COMPLETE_JOURNEY_OWNER, StoreFacts
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.actions.bulk import PastSale
from okplatform.trade.models import Sale, SaleState


@dataclass(frozen=True, slots=True)
class Totals:
    """What can be compared between the data and the books; amounts in cents."""

    sales: int
    gross: int
    discount: int
    paid: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The merchant with everything its sales refer to."""

    merchant_id: int
    counter: Counter


def totals_of_data(lines: tables.Lines, stores: Collection[int]) -> Totals:
    """Add up the data itself."""
    here = np.isin(lines.store, list(stores))
    paid = int(lines.paid[here].sum())
    discount = int((lines.retail + lines.coupon + lines.match)[here].sum())
    sales = len(np.unique(lines.basket[here]))
    return Totals(sales=sales, gross=paid + discount, discount=discount, paid=paid)


def totals_of_books(merchant_id: int, stores: Collection[int] | None = None) -> Totals:
    """Add up the merchant's closed sales: all of them, or those of some stores of the data."""
    with merchant_scope(merchant_id):
        closed = Sale.objects.filter(mode=Mode.LIVE, state=SaleState.CLOSED)
        if stores is not None:
            closed = closed.filter(store__reference__in=[f"store-{number}" for number in stores])
        sums = closed.aggregate(
            sales=Count("pk"),
            gross=Sum("gross", default=0),
            discount=Sum("discount", default=0),
            paid=Sum("due", default=0),
        )
    return Totals(**sums)


def get_ready(
    lines: tables.Lines, products: Mapping[int, Product], stores: Collection[int]
) -> Ready:
    """Make the merchant, its stores, articles and households, as far as they are missing."""
    own = tuple(StoreFacts(f"store-{number}", f"Store {number}", "", tills=0) for number in stores)
    premises = load_merchant(replace(COMPLETE_JOURNEY, stores=own))
    load_staff((COMPLETE_JOURNEY_OWNER,), {COMPLETE_JOURNEY.reference: premises})
    prices = last_prices(products, tables.last_sold(lines))
    here = np.isin(lines.store, list(stores))
    sold = [products[number] for number in np.unique(lines.product[here]).tolist()]
    ids = load_catalogue(
        premises.merchant_id,
        categories(sold),
        (product_facts(product, prices.get(product.id, 0)) for product in sold),
    )
    counter = Counter(
        products=products,
        product_ids=ids,
        stores={number: (premises.stores[f"store-{number}"], ()) for number in stores},
        people=load_households(np.unique(lines.household[here]).tolist()),
    )
    return Ready(premises.merchant_id, counter)


def missing_sales(
    lines: tables.Lines, stores: Collection[int], counter: Counter, known: set[UUID]
) -> Iterator[PastSale]:
    """Ring up every basket that is not in the books yet, in the order of time."""
    for basket in tables.baskets(lines, stores):
        uuid = sale_uuid(COMPLETE_JOURNEY.reference, basket.id)
        if uuid not in known:
            yield counter.ring_up(basket, uuid=uuid, at=as_instant(basket.at))
