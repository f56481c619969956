"""The retailer's invoices and books, as everybody must be able to use them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from payments.actions.accrue_fees import accrue_fees
from payments.actions.make_invoices import make_invoices
from payments.models import HouseAccount, Invoice, Plan
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.payments.books import bank_account, sell
from tests.payments.fees import NEXT_MONTH, plan
from tests.payments.settling import OUR_IBAN, our_account
from tests.support.world import World

CONSOLE = "/console/kaashuis"


@pytest.fixture
def number(world: World) -> str:
    """The number of Charlie's invoice for two sales of November."""
    if not Plan.objects.exists():
        plan()
    if not HouseAccount.objects.filter(iban=OUR_IBAN).exists():
        our_account()
    account = bank_account(world.bob)
    sold = [sell(world.gouda, account, amount) for amount in (1_840, 995)]
    with transaction():
        accrue_fees(sale_ids=sold)
    make_invoices(now=NEXT_MONTH, actor=SYSTEM)
    with operator_scope("the test looks"):
        return Invoice.objects.get(merchant=world.gouda.merchant).number


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_pages_of_money_can_be_used_by_everybody(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    charlie: Person,
    number: str,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, charlie)
    for address in (
        f"{CONSOLE}/invoices/",
        f"{CONSOLE}/invoices/{number}/",
        f"{CONSOLE}/invoices/{number}/lines/1/",
        f"{CONSOLE}/bookkeeping/",
    ):
        page.goto(base_url + address)
        assert fits(page), f"{address} scrolls sideways"
        check_accessibility(page)


def test_from_the_invoice_to_its_payments_and_the_pdf(
    base_url: str, page_phone: Page, sign_in: SignIn, charlie: Person, number: str
) -> None:
    sign_in(page_phone, charlie)
    page_phone.goto(f"{base_url}{CONSOLE}/invoices/")
    page_phone.get_by_role("link", name=number).click()
    with page_phone.expect_download() as paper:
        page_phone.get_by_role("link", name="Pdf").click()
    assert paper.value.suggested_filename == f"OK-{number}.pdf"
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
    page_phone.get_by_role("link", name="Betalingen in de winkel").click()
    expect(page_phone.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    expect(page_phone.get_by_text("€ 0,096")).to_be_visible()


def test_a_year_of_books_comes_whole(
    base_url: str, page_desk: Page, sign_in: SignIn, charlie: Person
) -> None:
    sign_in(page_desk, charlie)
    page_desk.goto(f"{base_url}{CONSOLE}/bookkeeping/")
    page_desk.get_by_label("Periode", exact=True).select_option("2025")
    page_desk.get_by_label("XAF 4.0").check()
    with page_desk.expect_download() as books:
        page_desk.get_by_role("button", name="Downloaden").click()
    assert books.value.suggested_filename == "OK-kaashuis-2025-xaf40.xaf"
    assert Path(books.value.path()).read_bytes().endswith(b"</auditfile>\n")
