"""The retailer's pages of invoices and books, as its people see them."""

from datetime import date

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Merchant, Person, Role
from payments.models import BankAccount, BookkeepingLink, Invoice, InvoiceForm
from tests.payments.books import sell
from tests.payments.fees import accrue, file_of, invoice_all, move_in, plan
from tests.payments.settling import our_account
from tests.support.world import World

pytestmark = pytest.mark.django_db
INVOICES = "/console/bakkerij-bol/invoices/"
BOOKS = "/console/bakkerij-bol/bookkeeping/"


def staff(merchant: Merchant, role: Role) -> Person:
    person = create_person(
        email=f"{role}@{merchant.reference}.example", name="Bella Bol", actor=SYSTEM
    )
    grant_membership(person_id=person.pk, merchant_id=merchant.pk, role=role, actor=SYSTEM)
    return person


@pytest.fixture
def bella(client: Client, world: World) -> Client:
    """The browser of Bakkerij Bol's owner."""
    client.force_login(staff(world.bol.merchant, Role.OWNER))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def invoice(world: World, account: BankAccount) -> Invoice:
    """Two sales of November, invoiced."""
    plan()
    our_account()
    for amount in (1_840, 995):
        sell(world.till, account, amount)
    accrue()
    (made,) = invoice_all()
    return made


def text(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_before_the_first_payment_the_page_says_what_it_will_cost(bella: Client) -> None:
    plan()
    page = text(bella.get(INVOICES))
    assert "Your plan: Start" in page
    assert "€0.05 + 0.25%" in page
    assert "No invoices yet" in page


def test_what_accrued_is_there_before_it_is_asked(
    bella: Client, world: World, account: BankAccount
) -> None:
    plan()
    sell(world.till, account, 1_840)
    accrue()
    page = text(bella.get(INVOICES))
    assert "Payments in store" in page
    assert "€0.096" in page


def test_an_invoice_drills_down_to_its_payments_to_the_cent(
    bella: Client, invoice: Invoice
) -> None:
    assert "2026-00001" in text(bella.get(INVOICES))
    page = text(bella.get(f"{INVOICES}2026-00001/"))
    assert "November" in page
    assert "€0.21" in page
    behind = text(bella.get(f"{INVOICES}2026-00001/lines/1/"))
    assert "€18.40" in behind
    assert "€0.096" in behind
    assert "€9.95" in behind
    assert "€0.0749" in behind
    assert "together €0.1709" in behind


def test_what_is_downloaded_is_what_was_sent(bella: Client, invoice: Invoice) -> None:
    answer = bella.get(f"{INVOICES}2026-00001/pdf/")
    assert answer["Content-Disposition"] == 'attachment; filename="OK-2026-00001.pdf"'
    assert answer.content == file_of(invoice, InvoiceForm.PDF)
    assert bella.get(f"{INVOICES}2026-00001/ubl/").status_code == 404
    assert bella.get(f"{INVOICES}2026-00001/doc/").status_code == 404


def test_a_missing_address_is_asked_for_and_then_there_is_ubl(
    bella: Client, world: World, invoice: Invoice
) -> None:
    assert "Where is your company?" in text(bella.get(INVOICES))
    wrong = bella.post(INVOICES, {"street": "Markt 1", "city": "", "country": "NL"})
    assert wrong.status_code == 422
    assert "This field is required." in text(wrong)
    world.bol.merchant.refresh_from_db()
    assert not world.bol.merchant.has_address
    address = {"street": "Markt 1", "postal_code": "3511 AB", "city": "Utrecht", "country": "nl"}
    page = text(bella.post(INVOICES, address, follow=True))
    assert "Where is your company?" not in page
    assert b"Markt 1" in bella.get(f"{INVOICES}2026-00001/ubl/").content


def test_a_country_that_is_none_is_said_and_nothing_is_lost(bella: Client) -> None:
    address = {"street": "Markt 1", "postal_code": "3511 AB", "city": "Utrecht", "country": "1!"}
    page = bella.post(INVOICES, address)
    assert page.status_code == 422
    assert 'value="Markt 1"' in text(page)


def test_nobody_else_may_read_or_download(client: Client, world: World, invoice: Invoice) -> None:
    addresses = [
        INVOICES,
        f"{INVOICES}2026-00001/",
        f"{INVOICES}2026-00001/lines/1/",
        f"{INVOICES}2026-00001/pdf/",
        BOOKS,
        f"{BOOKS}file/?form=csv&term=2025",
    ]
    for address in addresses:
        assert client.get(address).status_code == 302
    for role in (Role.CASHIER, Role.MARKETER, Role.MANAGER):
        client.force_login(staff(world.bol.merchant, role))
        assert {client.get(address).status_code for address in addresses} == {403}
    client.force_login(world.charlie)
    assert {client.get(address).status_code for address in addresses} == {404}
    own = INVOICES.replace("bakkerij-bol", "kaashuis")
    assert client.get(f"{own}2026-00001/").status_code == 404
    assert client.get(f"{own}2026-00001/pdf/").status_code == 404


def test_a_term_that_is_over_is_downloaded_whole(
    bella: Client, world: World, invoice: Invoice
) -> None:
    move_in(world.bol.merchant)
    page = text(bella.get(BOOKS))
    assert "OKOK" in page
    answer = bella.get(f"{BOOKS}file/", {"form": "xaf32", "term": "2025"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == (
        'attachment; filename="OK-bakkerij-bol-2025-xaf32.xaf"'
    )
    assert int(answer["Content-Length"]) == len(content)
    assert content.endswith(b"</auditfile>\n")


def test_a_term_that_goes_on_is_said_on_the_page(bella: Client) -> None:
    page = bella.get(f"{BOOKS}file/", {"form": "csv", "term": str(date.max.year)}, follow=True)
    assert page.status_code == 404
    page = bella.get(f"{BOOKS}file/", {"form": "csv", "term": "2099"}, follow=True)
    assert "This period is not over yet." in text(page)


@pytest.mark.parametrize("asked", [{}, {"form": "doc", "term": "2025"}, {"form": "csv"}])
def test_what_is_no_file_is_not_found(bella: Client, asked: dict[str, str]) -> None:
    assert bella.get(f"{BOOKS}file/", asked).status_code == 404


LINK = {
    "administration": "123",
    "financial_account": "446241660469249205",
    "contact": "44624",
    "tax_rate": "44625",
    "token": "84ec207ad0154a508f798e615a998ac1",
}


def test_a_program_is_connected_and_disconnected_on_the_page(bella: Client, world: World) -> None:
    assert "Connect Moneybird" in text(bella.get(BOOKS))
    page = text(bella.post(BOOKS, LINK, follow=True))
    assert "From today on it is filled by itself." in page
    assert LINK["token"] not in page
    with merchant_scope(world.bol.merchant.pk):
        assert BookkeepingLink.objects.get().administration == "123"
    assert "Disconnected." in text(bella.post(BOOKS, {"unlink": "1"}, follow=True))
    with merchant_scope(world.bol.merchant.pk):
        assert not BookkeepingLink.objects.exists()


def test_a_number_that_is_none_is_said_and_the_token_is_not_shown_again(bella: Client) -> None:
    page = bella.post(BOOKS, LINK | {"contact": "OK B.V."})
    assert page.status_code == 422
    assert "Fill in four numbers" in text(page)
    assert LINK["token"] not in text(page)
