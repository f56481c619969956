"""Where the money of a part is: on a road of its own, in the feed, in the bookkeeper's file."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.tenancy import merchant_scope
from payments.account_queries import Booked
from payments.actions.gather_items import gather_items
from payments.feed import entries_after
from payments.whereabouts import Leg, roads, waiting_items
from tests.merchants.checkout.webshop import Shopper, Webshop, payment_of
from tests.support.watermark import all_older_ended

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(webshop: Webshop, shopper: Shopper) -> int:
    """A sale of which two parts were captured, and something may still be."""
    payment = webshop.asked(capture="manual", reference="4502")
    shopper.authorises(payment)
    webshop.capture(payment, 1_000)
    webshop.capture(payment, 299)
    gather_items()
    return payment_of(payment.uuid).sale_id or 0


def legs_of(webshop: Webshop, sale_id: int) -> list[Leg]:
    found = roads(merchant_id=webshop.place.merchant.pk, mode="live", sale_id=sale_id)
    return [leg for (leg,) in found]


def test_each_part_has_a_road_of_its_own(webshop: Webshop, sale: int) -> None:
    legs = legs_of(webshop, sale)
    assert [(leg.kind, leg.amount, leg.is_counted) for leg in legs] == [
        ("part_captured", 1_000, True),
        ("part_captured", 299, True),
    ]


def test_the_console_leads_from_a_part_to_the_road_of_its_sale(
    webshop: Webshop, console: Client, sale: int
) -> None:
    waiting = waiting_items(
        merchant_id=webshop.place.merchant.pk, mode="live", after=None, limit=10
    )
    assert [(item.amount, item.store) for item in waiting] == [(1_000, "Webshop"), (299, "Webshop")]
    (number,) = {item.uuid for item in waiting}
    page = console.get(f"/console/boekhandel-kramer/money/sales/{number}/").content.decode()
    assert "Captured so far" in page
    assert "€10.00" in page
    assert "€2.99" in page


def test_a_sale_of_which_nothing_was_captured_has_no_road(
    webshop: Webshop, shopper: Shopper, console: Client
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    answer = console.get(f"/console/boekhandel-kramer/money/sales/{payment.sale_uuid}/")
    assert answer.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_feed_and_the_books_name_the_sale_of_each_part(webshop: Webshop, sale: int) -> None:
    merchant_id = webshop.place.merchant.pk
    all_older_ended()
    with merchant_scope(merchant_id):
        entries = entries_after("", merchant_id=merchant_id, mode="live", most=10)
    assert [(entry.kind, entry.amount) for entry in entries] == [
        ("part_captured", 1_000),
        ("part_captured", 299),
    ]
    (number,) = {entry.sale for entry in entries}
    assert number is not None

    booked = Booked(merchant_id, since=_ago(1), until=_ago(-1)).bookings(books=False)
    assert [(line.amount, line.text("en")) for line in booked] == [
        (1_000, "Sale, part Webshop 4502"),
        (299, "Sale, part Webshop 4502"),
    ]


def _ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
