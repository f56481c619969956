"""The sample is what its README says, and is the data's own."""

from collections import Counter
from itertools import pairwise

import pytest

from demo import sample
from demo.journey import GROCERY_DEPARTMENTS, Basket, Product, last_prices, paid_total


@pytest.fixture(scope="module")
def baskets() -> list[Basket]:
    return list(sample.read_baskets())


@pytest.fixture(scope="module")
def products() -> dict[int, Product]:
    return sample.read_products()


def test_the_sample_holds_what_its_readme_says(baskets: list[Basket]) -> None:
    assert len(baskets) == 12_544
    assert len({basket.household for basket in baskets}) == 296
    assert sum(len(basket.lines) for basket in baskets) == 116_469
    assert paid_total(baskets) == 41_762_785
    assert sum(line.gross - line.paid for basket in baskets for line in basket.lines) == 6_038_392


def test_the_sample_is_small_enough_for_the_repository() -> None:
    assert sample.BASKETS.stat().st_size + sample.PRODUCTS.stat().st_size <= 2_000_000


def test_baskets_are_in_order_of_time_and_no_two_are_the_same(baskets: list[Basket]) -> None:
    assert all(earlier.at <= later.at for earlier, later in pairwise(baskets))
    assert len({basket.id for basket in baskets}) == len(baskets)


def test_each_store_sells_on_nearly_every_day(baskets: list[Basket]) -> None:
    days = Counter(store for store, _ in {(basket.store, basket.at.date()) for basket in baskets})
    assert set(days) == {343, 361, 367, 406}
    assert min(days.values()) > 300


def test_every_line_names_an_article_of_the_sample(
    baskets: list[Basket], products: dict[int, Product]
) -> None:
    assert {line.product for basket in baskets for line in basket.lines} == set(products)


def test_no_amount_is_negative(baskets: list[Basket]) -> None:
    lines = [line for basket in baskets for line in basket.lines]
    assert min(min(line.paid, *line.discounts, line.quantity) for line in lines) == 0


def test_vat_follows_the_department_of_each_line(
    baskets: list[Basket], products: dict[int, Product]
) -> None:
    paid: Counter[tuple[bool, int]] = Counter()
    for line in (line for basket in baskets for line in basket.lines):
        article = products[line.product]
        paid[article.department in GROCERY_DEPARTMENTS, article.vat_rate_bp] += line.paid
    assert set(paid) == {(True, 900), (False, 2100)}
    assert paid.total() == paid_total(baskets)


def test_nearly_every_article_has_a_price(
    baskets: list[Basket], products: dict[int, Product]
) -> None:
    prices = last_prices(products, (line for basket in baskets for line in basket.lines))
    assert len(products) - len(prices) < 100
    assert min(prices.values()) > 0
    milk = next(p for p in products.values() if p.type == "FLUID MILK WHITE ONLY")
    assert 50 < prices[milk.id] < 1000
