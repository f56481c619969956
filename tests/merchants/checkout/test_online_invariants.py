"""verify sees each breach of online payments that a switched-off trigger lets in."""

import pytest

from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from tests.merchants.checkout.webshop import Shopper, Webshop

pytestmark = pytest.mark.django_db

OURS = {
    "captures_are_booked",
    "captures_are_guarded",
    "links_are_paid_as_often_as_they_may",
    "online_payments_are_sales",
}
BREACHES = {
    "a payment that says more than was taken": (
        "UPDATE merchants_online_payment SET captured = captured + 1, amount = amount + 1"
        " WHERE state = 'captured'",
        {"online_payments_are_sales"},
    ),
    "a sale that was never closed": (
        "UPDATE merchants_online_payment SET state = 'authorised' WHERE state = 'captured'",
        {"online_payments_are_sales"},
    ),
    "an authorisation that ended behind its payment's back": (
        "UPDATE payments_authorisation SET ended_at = now()",
        {"captures_are_booked", "online_payments_are_sales"},
    ),
    "a part that is gone": (
        "DELETE FROM payments_capture",
        {"captures_are_booked"},
    ),
    "a part booked as another": (
        "UPDATE payments_posting SET reference = reference || '0' WHERE kind = 'part_captured'",
        {"captures_are_booked"},
    ),
    "a capture that anybody may change": (
        "ALTER TABLE payments_capture DISABLE TRIGGER capture_never_changes",
        {"captures_are_guarded"},
    ),
    "a sale with two payments": (
        "UPDATE merchants_online_payment SET sale_id = (SELECT max(sale_id)"
        " FROM merchants_online_payment) WHERE state = 'captured' AND link_id IS NULL",
        {"online_payments_are_sales"},
    ),
    "a link for once that was paid twice": (
        "DROP INDEX link_is_paid_once; UPDATE merchants_online_payment SET link_id ="
        " (SELECT id FROM merchants_payment_link WHERE only_once) WHERE link_id IS NOT NULL",
        {"links_are_paid_as_often_as_they_may"},
    ),
    "a payment of another amount than its link's": (
        "UPDATE merchants_payment_link SET amount = 1 WHERE only_once",
        {"links_are_paid_as_often_as_they_may"},
    ),
}


@pytest.fixture
def traded(webshop: Webshop, shopper: Shopper) -> None:
    """One payment captured, one in part, and two by links."""
    shopper.authorises(webshop.asked())
    partly = webshop.asked(capture="manual")
    shopper.authorises(partly)
    webshop.capture(partly, 1_000)
    for link in (webshop.link(), webshop.link(only_once=False)):
        page = shopper.browser.post(f"/pay/link/{link.token}/")["Location"]
        shopper.browser.get(page)
        shopper.browser.post(page, shopper.form(2_500))


def breached() -> set[str]:
    return {each.name for each in all_invariants() if each.prove().breaches} & OURS


@pytest.mark.usefixtures("traded")
def test_sound_online_payments_are_proved() -> None:
    ours = [each for each in all_invariants() if each.name in OURS]
    assert len(ours) == len(OURS)
    assert all(each.prove().rows for each in ours)
    assert breached() == set()


@pytest.mark.usefixtures("traded")
@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str) -> None:
    sql, found_by = BREACHES[name]
    call("SET CONSTRAINTS ALL IMMEDIATE")
    call("SET LOCAL session_replication_role = replica")
    call(sql)
    call("SET LOCAL session_replication_role = origin")
    assert found_by <= breached()
