"""A small sample, so that the demo world loads in a second; and databases to simulate in."""

import gzip
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from demo import make_sample, sample, shops
from demo.journey import Basket
from okplatform.kernel.databases import own_database
from tests.support.template import migrated

HOUSEHOLDS = 30
BASKETS = 250


@pytest.fixture
def small_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The first baskets of the first households; returns what was paid for them, in cents."""
    baskets = list(_first_baskets())
    products = sample.read_products()
    sold = sorted({line.product for basket in baskets for line in basket.lines})
    contents = {
        "BASKETS": make_sample.baskets_text(baskets),
        "PRODUCTS": make_sample.products_text(products[number] for number in sold),
    }
    for name, text in contents.items():
        path = tmp_path / f"{name}.gz"
        path.write_bytes(gzip.compress(text.encode()))
        monkeypatch.setattr(sample, name, path)
    monkeypatch.setattr(shops, "PAST", timedelta(days=2))
    return sum(basket.paid for basket in baskets)


def _first_baskets() -> Iterator[Basket]:
    households: set[int] = set()
    found = 0
    for basket in sample.read_baskets():
        if len(households) < HOUSEHOLDS or basket.household in households:
            households.add(basket.household)
            found += 1
            yield basket
        if found == BASKETS:
            return


@pytest.fixture(scope="session")
def template(django_db_blocker: DjangoDbBlocker) -> str:
    with django_db_blocker.unblock():
        return migrated()


@pytest.fixture(scope="session")
def own_name(worker_id: str) -> str:
    """How a database is called that no other process of the tests makes."""
    return f"simulate_{os.environ['OK_TEST_RUN']}_{worker_id}"


@pytest.fixture
def empty(template: str, own_name: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Our tables, and nothing in them."""
    with django_db_blocker.unblock(), own_database(own_name, like=template):
        yield
