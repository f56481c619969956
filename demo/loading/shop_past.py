"""The small shops' invented past as sales."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from demo.journey import CategoryFacts
from demo.loading.parties import Premises
from demo.shops import Article, ShopVisit, past_weeks
from demo.world import MerchantFacts
from okplatform.kernel.money import vat_included
from okplatform.trade.actions.bulk import PastLine, PastSale, PastTender
from okplatform.trade.facts import ProductFacts

_SALES = UUID("0c7f2b56-3a63-5b0e-8a4e-6a2d9f4d7c10")


def categories_of(goods: Iterable[Article]) -> list[CategoryFacts]:
    """Name the categories on a price list."""
    references = sorted({article.category for article in goods})
    return [CategoryFacts(reference, reference.capitalize(), None) for reference in references]


def products_of(goods: Iterable[Article]) -> list[ProductFacts]:
    """Give a price list to the catalogue."""
    return [
        ProductFacts(
            sku=article.sku,
            name=article.name,
            price=article.price,
            vat_rate_bp=article.vat_rate_bp,
            gtin=article.gtin,
            category_reference=article.category,
        )
        for article in goods
    ]


def sales_of(
    merchant: MerchantFacts,
    place: Premises,
    product_ids: Mapping[str, int],
    guests: Sequence[int],
    now: datetime,
) -> Iterator[PastSale]:
    """Ring up every visit of the past weeks; `guests` are the people who show a code."""
    tills: dict[str, int] = {}
    for (store, _till), terminal_id in place.terminals.items():
        tills.setdefault(store, terminal_id)
    for visit in past_weeks(merchant, now):
        lines = [_line(article, count, product_ids) for article, count in visit.lines]
        yield PastSale(
            uuid=_uuid(merchant, visit),
            store_id=place.stores[visit.store],
            terminal_id=tills[visit.store],
            person_id=None if visit.guest is None else guests[visit.guest % len(guests)],
            closed_at=visit.at,
            lines=lines,
            tenders=[PastTender("pin", sum(line.gross for line in lines))],
        )


def _uuid(merchant: MerchantFacts, visit: ShopVisit) -> UUID:
    return uuid5(_SALES, f"{merchant.reference}/{visit.store}/{visit.day}/{visit.number}")


def _line(article: Article, count: int, product_ids: Mapping[str, int]) -> PastLine:
    gross = count * article.price
    return PastLine(
        product_id=product_ids[article.sku],
        sku=article.sku,
        name=article.name,
        quantity=count,
        unit="piece",
        unit_price=article.price,
        gross=gross,
        discount=0,
        vat_rate_bp=article.vat_rate_bp,
        vat=vat_included(gross, article.vat_rate_bp),
        category_reference=article.category,
    )
