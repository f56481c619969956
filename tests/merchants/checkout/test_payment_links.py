"""Payment links: made by API or in the console, paid once or often, closed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from merchants.models import OnlinePayment, PaymentLink
from okplatform.kernel import clock
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.merchants.checkout.webshop import Shopper, Webshop, page_of, payment_of, taken
from tests.payments.books import bank_account
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def link_page(link: PaymentLink) -> str:
    return f"/pay/link/{link.token}/"


def begin(browser: Client, link: PaymentLink, **form: Any) -> OnlinePayment:
    """Go from the link to a payment of one's own."""
    answer = browser.post(link_page(link), form)
    assert answer.status_code == 302, answer.content.decode()
    with operator_scope("the test looks"):
        uuid = OnlinePayment.objects.get(token=answer["Location"].split("/")[-2]).uuid
    return payment_of(uuid)


@pytest.fixture
def bobs(bob: Person) -> Shopper:
    """Bob in his browser, with a bank account."""
    return Shopper(bob, bank_account(bob, "NL20INGB0001234567"))


@pytest.fixture
def office(client: Client, olga: Person) -> Client:
    """Olga at her desk, in English."""
    client.force_login(olga)
    client.cookies["django_language"] = "en"
    return client


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_link_says_where_to_pay_and_how_to_ask(webshop: Webshop) -> None:
    answer = webshop.post(
        "payment-links", {"amount": 2_500, "description": "Lezing", "reference": "F-12"}
    )
    told = answer.json()
    assert answer.status_code == 201
    assert (told["state"], told["paid"], told["received"]) == ("open", 0, 0)
    assert told["qr"] == told["address"]
    assert told["texts"]["nl"]["whatsapp"] == (
        f"Boekhandel Kramer vraagt u om €\xa025,00: Lezing. Betaal hier: {told['address']}"
    )
    assert "€25.00" in told["texts"]["en"]["mail"]
    assert told["address"] in told["texts"]["en"]["invoice"]
    assert webshop.get(f"payment-links/{told['id']}").json() == told
    assert webshop.get("payment-links").json() == {"links": [told], "next_cursor": None}


def test_who_opens_it_sees_who_asks_what_and_pays(webshop: Webshop, shopper: Shopper) -> None:
    link = webshop.link(reference="F-12")
    page = words(shopper.browser.get(link_page(link)))
    assert "Boekhandel Kramer" in page
    assert "Lezing" in page
    assert "€25.00" in page
    with operator_scope("looking makes nothing"):
        assert not OnlinePayment.objects.exists()

    payment = begin(shopper.browser, link)
    shopper.authorises(payment, 2_500)

    assert taken() == [2_500]
    told = webshop.get(f"payment-links/{link.uuid}").json()
    assert (told["state"], told["paid"], told["received"]) == ("paid", 1, 2_500)
    assert webshop.state(payment)["link"] == str(link.uuid)
    assert webshop.state(payment)["reference"] == "F-12"
    settle_events()
    prove()


def test_of_two_who_began_the_first_pays_and_the_other_sees_that_it_was_paid(
    webshop: Webshop, shopper: Shopper, bobs: Shopper
) -> None:
    link = webshop.link()
    hers, his = begin(shopper.browser, link), begin(bobs.browser, link)
    bobs.opens(his)
    shopper.authorises(hers, 2_500)

    answer = bobs.pays(his, 2_500)
    assert answer.status_code == 302
    page = words(bobs.browser.get(page_of(his)))
    assert "Paid already" in page
    assert "Nothing more is taken from anybody." in page
    assert shopper.account.tail not in page
    assert "Alice" not in page
    assert words(bobs.browser.get(link_page(link), follow=True)).count("Paid already") == 1
    assert bobs.browser.post(link_page(link)).status_code == 302
    assert taken() == [2_500]
    settle_events()
    assert webshop.state(his)["state"] == "cancelled"
    prove()


def test_a_link_for_many_is_paid_by_many(webshop: Webshop, shopper: Shopper, bobs: Shopper) -> None:
    link = webshop.link(only_once=False)
    for one in (shopper, bobs):
        one.authorises(begin(one.browser, link), 2_500)
    settle_events()
    assert taken() == [2_500, 2_500]
    told = webshop.get(f"payment-links/{link.uuid}").json()
    assert (told["state"], told["paid"], told["received"]) == ("open", 2, 5_000)
    prove()


def test_the_payer_says_how_much_where_the_amount_is_open(
    webshop: Webshop, shopper: Shopper
) -> None:
    link = webshop.link(least=500, most=10_000, only_once=False)
    assert "From €5.00 to €100.00." in words(shopper.browser.get(link_page(link)))
    for typed in ("", "4,99", "100.01", "abc", "-7", "1e3", "12,345", "NaN"):
        answer = shopper.browser.post(link_page(link), {"amount": typed})
        assert answer.status_code == 422, typed
        assert typed in answer.content.decode()
    payment = begin(shopper.browser, link, amount="€ 12,50")
    assert payment.asked == 1_250
    shopper.authorises(payment, 1_250)
    assert taken() == [1_250]
    prove()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"description": "x"}, "link_amount_unclear"),
        ({"description": "x", "amount": 100, "least": 1}, "link_amount_unclear"),
        ({"description": "x", "least": 200, "most": 100}, "link_amount_unclear"),
        ({"description": "x", "least": 200}, "link_amount_unclear"),
        ({"description": "", "amount": 100}, "invalid_request"),
        ({"description": "x", "amount": 0}, "invalid_request"),
        ({"description": "x", "amount": 1, "expires_at": "2020-01-01T00:00:00Z"}, "link_ends"),
        ({"description": "x", "amount": 1, "expires_at": "2020-01-01T00:00:00"}, "invalid"),
        ({"description": "x", "amount": 1, "expires_at": "soon"}, "invalid_request"),
        ({"description": "x", "amount": 1, "store": "nowhere"}, "store_unknown"),
        ({"description": "x", "amount": 1, "vat_rate": 10_001}, "invalid_request"),
    ],
)
def test_a_link_that_makes_no_sense_is_not_made(
    webshop: Webshop, body: dict[str, Any], code: str
) -> None:
    answer = webshop.post("payment-links", body)
    assert answer.status_code == 422 or code == "store_unknown"
    assert answer.json()["code"].startswith(code)
    with operator_scope("the test looks"):
        assert not PaymentLink.objects.exists()


def test_a_closed_link_is_not_paid_and_what_was_begun_still_is(
    webshop: Webshop, shopper: Shopper
) -> None:
    link = webshop.link()
    payment = begin(shopper.browser, link)
    assert webshop.post(f"payment-links/{link.uuid}/closure").json()["state"] == "closed"
    assert webshop.post(f"payment-links/{link.uuid}/closure").status_code == 200
    assert "This link is closed" in words(shopper.browser.get(link_page(link)))
    assert shopper.browser.post(link_page(link)).status_code == 409
    shopper.authorises(payment, 2_500)
    assert taken() == [2_500]
    prove()


def test_a_link_whose_time_is_over_is_not_paid(webshop: Webshop, shopper: Shopper) -> None:
    soon = clock.now() + timedelta(hours=1)
    link = webshop.link(expires_at=soon.isoformat())
    with operator_scope("the test lets time pass"):
        PaymentLink.objects.filter(pk=link.pk).update(expires_at=clock.now())
    assert shopper.browser.post(link_page(link)).status_code == 409
    assert webshop.get(f"payment-links/{link.uuid}").json()["state"] == "expired"
    with operator_scope("the test looks"):
        assert not OnlinePayment.objects.exists()


def test_nobody_sees_or_closes_another_shops_link(webshop: Webshop, world: World) -> None:
    link = webshop.link()
    strange = Webshop(world.gouda, world.gouda.key)
    assert strange.get(f"payment-links/{link.uuid}").status_code == 404
    assert strange.post(f"payment-links/{link.uuid}/closure").status_code == 404
    link.refresh_from_db()
    assert link.closed_at is None


FORM = {
    "description": "Lezing op 3 december",
    "kind": "fixed",
    "amount": "12,50",
    "vat_rate": "900",
    "only_once": "once",
    "reference": "F-12",
    "store": "webshop",
}


def test_the_owner_makes_a_link_at_her_desk(office: Client, shopper: Shopper) -> None:
    assert "No payment link yet" in words(office.get("/console/boekhandel-kramer/links/"))
    answer = office.post("/console/boekhandel-kramer/links/new/", FORM, follow=True)
    page = words(answer)
    assert "Your link is ready." in page
    assert "€12.50" in page
    assert "wa.me" in page
    with operator_scope("the test looks"):
        link = PaymentLink.objects.get()
    assert (link.amount, link.vat_rate_bp, link.only_once) == (1_250, 900, True)
    shopper.authorises(begin(shopper.browser, link), 1_250)
    assert "Lezing op 3 december" in words(office.get("/console/boekhandel-kramer/links/"))
    assert "€12.50" in words(office.get(f"/console/boekhandel-kramer/links/{link.uuid}/"))
    prove()


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"amount": ""}, "Fill in an amount."),
        ({"amount": "12,505"}, "2 decimal places"),
        ({"kind": "open"}, "Fill in a least amount"),
        ({"kind": "open", "least": "5", "most": "4"}, "Fill in a least amount"),
        ({"description": ""}, "This field is required."),
        ({"last_day": "2020-01-01"}, "some moment to come"),
        ({"store": "gouda"}, "Select a valid choice."),
        ({"reference": "no spaces"}, "Enter a valid value."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    office: Client, other: dict[str, str], says: str
) -> None:
    answer = office.post("/console/boekhandel-kramer/links/new/", {**FORM, **other})
    assert answer.status_code == 422
    assert says in words(answer)
    assert "F-12" in words(answer) or "reference" in other
    with operator_scope("the test looks"):
        assert not PaymentLink.objects.exists()


def test_the_code_comes_as_a_file(office: Client, webshop: Webshop) -> None:
    link = webshop.link()
    address = f"/console/boekhandel-kramer/links/{link.uuid}/qr"
    assert office.get(f"{address}.svg").content.startswith(b"<svg")
    assert office.get(f"{address}.png").content.startswith(b"\x89PNG")
    assert "attachment" in office.get(f"{address}.png")["Content-Disposition"]


def test_the_desk_closes_a_link(office: Client, webshop: Webshop) -> None:
    link = webshop.link()
    page = office.post(f"/console/boekhandel-kramer/links/{link.uuid}/closure/", follow=True)
    assert "Nobody can pay by it any more." in words(page)
    link.refresh_from_db()
    assert link.closed_at is not None


def test_a_cashier_and_a_stranger_make_no_links(
    client: Client, world: World, webshop: Webshop
) -> None:
    link = webshop.link()
    client.force_login(world.sam)
    assert client.get("/console/bakkerij-bol/links/").status_code == 403
    client.force_login(world.charlie)
    for path in ("", "new/", f"{link.uuid}/", f"{link.uuid}/qr.svg"):
        assert client.get(f"/console/boekhandel-kramer/links/{path}").status_code == 404
    assert client.get(f"/console/kaashuis/links/{link.uuid}/").status_code == 404
