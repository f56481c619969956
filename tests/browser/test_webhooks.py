"""An owner connects the shop's own server: the secret, a test that really arrives, the log."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from merchants.models import WebhookEndpoint
from okplatform.kernel.tenancy import operator_scope
from tests.browser.conftest import (
    LOOKS,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.support.receiver import Receiver, receiving
from tests.support.world import World

WEBHOOKS = "/console/boekhandel-kramer/webhooks/"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The bookshop's own server, on this machine."""
    with receiving() as found:
        yield found


def add(page: Page, base_url: str, url: str) -> str:
    """Add an endpoint by the form and return its secret."""
    page.goto(f"{base_url}{WEBHOOKS}new/")
    page.locator("[name=url]").fill(url)
    page.locator("main form button[type=submit]").click()
    secret = page.locator("#secret")
    expect(secret).to_have_text(re.compile(r"^whsec_"))
    return str(secret.text_content())


def test_a_test_arrives_at_the_shops_own_server(
    page_desk: Page, base_url: str, sign_in: SignIn, world: World, receiver: Receiver
) -> None:
    sign_in(page_desk, world.olga)
    page_desk.goto(base_url + WEBHOOKS)
    secret = add(page_desk, base_url, receiver.url)
    page_desk.get_by_role("link", name="Ik heb het gekopieerd").click()
    page_desk.get_by_role("button", name="Stuur een test").click()
    expect(page_desk.get_by_text("Er is een test onderweg")).to_be_visible()
    for _look in range(300):
        page_desk.reload()
        if page_desk.get_by_text("antwoord 204").count():
            break
    expect(page_desk.get_by_text("antwoord 204")).to_be_visible()
    # The shop sells meanwhile, in other tests, and hears of that too.
    told = [received.verified(secret)["type"] for received in receiver.received]
    assert told.count("webhook.test") == 1

    page_desk.get_by_role("button", name="Uitzetten").click()
    expect(page_desk.get_by_role("button", name="Aanzetten")).to_be_visible()
    with operator_scope("the test looks"):
        assert WebhookEndpoint.objects.get(url=receiver.url).disabled_by == "staff"


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    receiver: Receiver,
    check_accessibility: CheckAccessibility,
    complaints: Complaints,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    complaints.forgive("422")
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, world.olga)
    page.goto(f"{base_url}{WEBHOOKS}new/")
    page.locator("[name=url]").fill("http://shop.example.nl/")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    usable(page, check_accessibility)
    add(page, base_url, f"{receiver.url}/{uuid4()}/a-path-that-is-rather-long-as-they-often-are")
    usable(page, check_accessibility)
    receiver.answer(410)
    page.locator("main .button-row a").click()
    with page.expect_navigation():
        page.locator("button[value=test]").click()
    for _look in range(300):
        page.reload()
        if page.locator("button[value=enable]").count():
            break
    # Gone: said on this page, and above every other one.
    expect(page.locator(".notice").first).to_be_visible()
    expect(page.locator(".delivery")).to_be_visible()
    usable(page, check_accessibility)
    page.locator("button[value=enable]").click()
    expect(page.locator("[name=since]")).to_be_visible()
    usable(page, check_accessibility)
    page.goto(base_url + WEBHOOKS)
    usable(page, check_accessibility)


def usable(page: Page, check_accessibility: CheckAccessibility) -> None:
    check_accessibility(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
