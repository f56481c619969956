"""The baskets that `replay` sends: what the demo's merchants would sell next."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from demo import sample
from demo.history import past_year
from demo.journey import Basket, Product, unit_of, unit_price
from demo.replaying import Order
from demo.shops import past_weeks
from demo.till import Rung
from demo.world import JOURNEY, MerchantFacts

SEED = 20260101
# How people pay: half with OK, a few of the others show their code for the points.
TENDERS = ("ok", "ok", "ok", "ok", "pin", "pin", "pin", "cash")
SHOW_A_CODE = 0.2


def orders_of(merchant: MerchantFacts, now: datetime) -> Iterator[Order]:
    """Give the merchant's coming baskets, without end: the past of the demo, from its start again.

    They carry shelf prices: the discounts of the past were the old till's, now OK gives its own.
    """
    draw = Random(SEED)  # noqa: S311 # no secret
    while True:
        for store, lines in _baskets(merchant, now):
            tender = draw.choice(TENDERS)
            with_code = tender == "ok" or draw.random() < SHOW_A_CODE
            yield Order(store, lines, tender, with_code)


def _baskets(merchant: MerchantFacts, now: datetime) -> Iterator[tuple[str, tuple[Rung, ...]]]:
    if merchant.reference == JOURNEY:
        yield from _journey(merchant, now)
    else:
        yield from _shop(merchant, now)


def _journey(merchant: MerchantFacts, now: datetime) -> Iterator[tuple[str, tuple[Rung, ...]]]:
    products = sample.read_products()
    stores = {store.journey: store.reference for store in merchant.stores}
    visits = sorted(past_year(sample.read_baskets(), now), key=lambda visit: visit.at)
    for visit in visits:
        if lines := _ring_up(visit.basket, products):
            yield stores[visit.basket.store], lines


def _ring_up(basket: Basket, products: dict[int, Product]) -> tuple[Rung, ...]:
    """Ring up what was sold; a line without a quantity was a coupon, which is no article."""
    rung = []
    for line in basket.lines:
        if line.quantity:
            product = products[line.product]
            unit = unit_of(product.type, line.quantity)
            rung.append(
                Rung(
                    sku=product.sku,
                    name=product.name,
                    quantity=line.quantity,
                    unit=unit,
                    unit_price=unit_price(line.gross, line.quantity, unit),
                    vat_rate_bp=product.vat_rate_bp,
                    category=product.category_reference,
                )
            )
    return tuple(rung)


def _shop(merchant: MerchantFacts, now: datetime) -> Iterator[tuple[str, tuple[Rung, ...]]]:
    for visit in past_weeks(merchant, now):
        yield (
            visit.store,
            tuple(
                Rung(
                    sku=article.sku,
                    name=article.name,
                    quantity=count,
                    unit="piece",
                    unit_price=article.price,
                    vat_rate_bp=article.vat_rate_bp,
                    category=article.category,
                )
                for article, count in visit.lines
            ),
        )
