"""The sandbox as people and tills meet it: the console's page, and a line that is really cut."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from merchants.magic import MAGIC, Does
from ok_till import Client, NoAnswerError, RefusedError
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.support.counter import basket, paying
from tests.support.world import World

PAGE = "/console/boekhandel-kramer/sandbox/"
LATE = min((magic for magic in MAGIC if magic.does == Does.DELAYS), key=lambda one: one.seconds)


@pytest.fixture
def till(base_url: str, world: World) -> Iterator[Client]:
    """A vendor's till, with a test key, on a real line."""
    client = Client(base_url, world.haarlem.test_key, answer_within=20)
    yield client
    client.close()


def sent(till: Client, amount: int, uuid: UUID) -> Any:
    asked = till.call("POST", "/api/v1/test/wallet-codes", {"person": "browser@sandbox.test"})
    goods = {"name": "Boek", "quantity": 1, "unit_price": amount, "vat_rate": 900}
    body = basket(goods, payment=paying(), code=asked["code"])
    return till.call("PUT", f"/api/v1/sales/{uuid}", body)


def verdict(till: Client, uuid: UUID) -> str:
    try:
        return str(till.call("GET", f"/api/v1/sales/{uuid}")["verdict"])
    except RefusedError as refused:
        return refused.code


@pytest.mark.parametrize(
    ("does", "after"), [(Does.LOSES_ANSWER, "happened"), (Does.LOSES_BEFORE, "sale_unknown")]
)
def test_a_line_is_cut_and_the_sale_stands_as_it_should(
    till: Client, does: Does, after: str
) -> None:
    (magic,) = [magic for magic in MAGIC if magic.does == does]
    uuid = uuid4()
    with pytest.raises(NoAnswerError):
        sent(till, magic.amount, uuid)
    assert verdict(till, uuid) == after
    if does == Does.LOSES_BEFORE:
        assert sent(till, magic.amount, uuid)["verdict"] == "happened"


def test_a_late_answer_is_late(till: Client) -> None:
    began = time.monotonic()
    assert sent(till, LATE.amount, uuid4())["verdict"] == "happened"
    assert time.monotonic() - began >= LATE.seconds


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_page_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, world.olga)
    page.goto(base_url + PAGE)
    check_accessibility(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]


def test_an_owner_moves_the_clock_and_begins_anew(
    page_desk: Page, base_url: str, sign_in: SignIn, world: World
) -> None:
    sign_in(page_desk, world.olga)
    page_desk.goto(base_url + PAGE)
    page_desk.get_by_role("button", name="30 dagen verder").click()
    expect(page_desk.get_by_text("De klok van de sandbox is verzet.")).to_be_visible()
    page_desk.get_by_role("button", name="Sandbox opnieuw beginnen").click()
    expect(page_desk.get_by_text("De sandbox begint opnieuw.")).to_be_visible()
    expect(page_desk.get_by_text("1 keer opnieuw begonnen.")).to_be_visible()
