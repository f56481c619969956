"""What an online payment tells: each change once, whole, in order, and what it costs its shop."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from okplatform.kernel.models import Event
from payments.chart import EUR
from tests.merchants.checkout.webshop import DUE, Shopper, Webshop, page_of, pass_time, payment_of
from tests.merchants.webhooks.conftest import Line
from tests.payments.fees import fees, plan
from tests.support.counter import settle_events
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, dict[str, Any]]]:
    """Return what was told of online payments: what happened, and the payment after it."""
    events = Event.objects.filter(aggregate_type="online_payment").order_by("pk")
    return [(event.type.removeprefix("merchants.payment_"), event.payload) for event in events]


def standings() -> list[tuple[str, str, int, int, int]]:
    """Return each event in short: kind, state, amount, captured, released."""
    return [
        (kind, said["state"], said["amount"], said["captured"], said["released"])
        for kind, said in told()
    ]


def test_an_event_says_all_that_a_shop_needs(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked(reference="4502")
    shopper.authorises(payment)
    assert [kind for kind, _said in told()] == ["created", "presented", "captured"]
    (_, first), *_between, (_, last) = told()
    whole = {
        "payment_id": payment.pk,
        "id": str(payment.uuid),
        "merchant_id": payment.merchant_id,
        "mode": "live",
        "reference": "4502",
        "link": None,
        "currency": EUR,
        "asked": DUE,
        "amount": DUE,
        "released": 0,
    }
    assert first == whole | {"state": "created", "captured": 0, "sale": None}
    sale = webshop.state(payment)["sale"]
    assert last == whole | {"state": "captured", "captured": DUE, "sale": sale}
    settle_events()
    prove()


def test_each_part_and_the_release_of_the_rest_are_told(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.capture(payment, 1_000)
    webshop.capture(payment, 299)
    webshop.cancel(payment)
    assert standings() == [
        ("created", "created", DUE, 0, 0),
        ("presented", "presented", DUE, 0, 0),
        ("authorised", "authorised", DUE, 0, 0),
        ("captured", "partially_captured", DUE, 1_000, 0),
        ("captured", "partially_captured", DUE, 1_299, 0),
        ("captured", "captured", DUE, 1_299, DUE - 1_299),
    ]


def test_what_came_to_nothing_is_told_once(webshop: Webshop, shopper: Shopper) -> None:
    cancelled, declined, expired = webshop.asked(), webshop.asked(), webshop.asked()
    for _twice in range(2):
        webshop.cancel(cancelled)
    shopper.opens(declined)
    for _twice in range(2):
        shopper.browser.post(f"{page_of(declined)}refusal/")
    pass_time(expired, payment_of(expired.uuid).expires_at - expired.created_at)
    ends = [(kind, said["id"]) for kind, said in told() if said["state"] == kind != "created"]
    assert ends == [
        ("cancelled", str(cancelled.uuid)),
        ("presented", str(declined.uuid)),
        ("declined", str(declined.uuid)),
        ("expired", str(expired.uuid)),
    ]


def test_what_is_captured_costs_what_the_plan_says_of_a_webshop(
    webshop: Webshop, shopper: Shopper
) -> None:
    plan()
    shopper.authorises(webshop.asked())
    settle_events()
    # 2,500 + 0.9 %, in 1/100 cent.
    assert [(fee.channel, fee.amount) for fee in fees()] == [("online", 2_500 + 3_865)]
    prove()


def test_what_is_captured_in_parts_is_one_payment_and_costs_once(
    webshop: Webshop, shopper: Shopper
) -> None:
    plan()
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.capture(payment, 1_000)
    settle_events()
    assert fees() == []
    webshop.capture(payment, 299)
    webshop.cancel(payment)
    settle_events()
    assert [(fee.channel, fee.amount) for fee in fees()] == [("online", 2_500 + 1_169)]
    prove()


def test_what_was_given_up_costs_nothing(webshop: Webshop, shopper: Shopper) -> None:
    plan()
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.cancel(payment)
    settle_events()
    assert fees() == []
    prove()


def test_a_merchants_own_server_hears_of_each_step_and_not_of_who_paid(
    webshop: Webshop, shopper: Shopper, settings: Settings
) -> None:
    settings.OK_WEBHOOK_LOOPBACK = True
    line = Line(webshop.place.merchant, "http://localhost:9/hooks")
    payment = webshop.asked(capture="manual", reference="4502")
    shopper.authorises(payment)
    webshop.capture(payment, 1_000)
    webshop.cancel(payment)
    settle_events()
    said = [json.loads(one.body) for one in line.deliveries]
    steps = [(one["type"], one["data"]) for one in said if one["type"].startswith("payment.")]
    assert [(name, data["state"], data["captured"]) for name, data in steps] == [
        ("payment.authorised", "authorised", 0),
        ("payment.captured", "partially_captured", 1_000),
        ("payment.captured", "captured", 1_000),
    ]
    standing = webshop.state(payment)
    assert steps[-1][1] == {
        "mode": "live",
        "payment": str(payment.uuid),
        **{name: standing[name] for name in ("state", "reference", "sale", "currency")},
        **{name: standing[name] for name in ("asked", "amount", "captured", "released")},
        "link": None,
    }
