"""The money pages and the office, as everybody must be able to use them, in both languages."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import FilePayload, expect

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.trade.models import Sale
from payments.actions.gather_items import gather_items
from payments.actions.order_payouts import order_payouts
from payments.actions.set_payout_terms import set_payout_terms
from payments.calendar import Schedule
from payments.gateways.payee_names import NoPayeeNames
from payments.models import BankEntry, ExternalTender, HouseAccount, Payout
from payments.queries import balance_of
from payments.tasks import follow
from tests.browser.conftest import (
    DESK,
    LOOKS,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.browser.fitting import fits
from tests.payments.acquirer import HEADING, Acquirer, contract, sell_by
from tests.payments.bank import Bank, line
from tests.payments.books import bank_account, owed_to, sell
from tests.payments.settling import our_account
from tests.support.world import World

CONSOLE = "/console/boekhandel-kramer"
FAR = 1_000_000
"""A threshold that nothing here comes to: the site's own workers pay nothing out meanwhile."""


@dataclass(frozen=True)
class Paid:
    """A payout that the bank has booked, and the one sale it pays for."""

    payout: Payout
    sale: UUID


@pytest.fixture
def ours() -> HouseAccount:
    return HouseAccount.objects.filter(mode="live").first() or our_account()


@pytest.fixture(scope="module")
def banks() -> dict[int, Bank]:
    """The bank of each of our accounts, which knows its last balance and statement."""
    return {}


@pytest.fixture
def bank(ours: HouseAccount, banks: dict[int, Bank]) -> Bank:
    return banks.setdefault(ours.pk, Bank(ours))


@pytest.fixture
def paid(world: World, bank: Bank) -> Paid:
    """A sale that was paid out; one more waits."""
    shopper = create_person(email=f"{uuid4()}@example.com", name="Alice", actor=SYSTEM)
    account = bank_account(shopper)
    pay_out(world, Schedule.INSTANT, threshold=1)
    sale_id = sell(world.haarlem, account, 1_840)
    order_payouts(now=clock.now(), actor=SYSTEM)
    with merchant_scope(world.kramer.merchant.pk):
        payout = Payout.objects.get()
        sale = Sale.objects.get(pk=sale_id).uuid
    bank.settle(line(-payout.amount, payout.end_to_end_id))
    relay.drain(now=clock.now())
    pay_out(world, Schedule.WEEKLY, threshold=FAR)
    sell(world.leiden, account, 260)
    gather_items()
    return Paid(payout, sale)


def pay_out(world: World, schedule: Schedule, *, threshold: int) -> None:
    """Set when Kramer is paid out."""
    merchant = world.kramer.merchant
    set_payout_terms(
        merchant_id=merchant.pk,
        iban=merchant.iban,
        holder=merchant.name,
        schedule=schedule,
        threshold=threshold,
        reserve=0,
        names=NoPayeeNames(),
        now=clock.now(),
        actor=SYSTEM,
    )


@pytest.fixture
def acquirer(world: World) -> Acquirer:
    """A contract, a sale that no file has, and a line without a sale."""
    acquirer = contract(world.haarlem, name="Worldpin")
    sell_by(world.haarlem, ("pin", 500, "A-1"), ("cash", 100, ""), at=clock.now())
    follow()
    acquirer.settle(acquirer.row("9,00", "A-9"))
    return acquirer


def csv(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_money_pages_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    paid: Paid,
    acquirer: Acquirer,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, world.olga)
    cards = f"{CONSOLE}/card-payments"
    for address in (
        f"{CONSOLE}/money/",
        f"{CONSOLE}/money/?sale=",
        f"{CONSOLE}/money/waiting/",
        f"{CONSOLE}/money/sales/{paid.sale}/",
        f"{CONSOLE}/payouts/",
        f"{CONSOLE}/payouts/{paid.payout.pk}/",
        f"{CONSOLE}/payouts/terms/",
        f"{cards}/",
        f"{cards}/unpaid/",
        f"{cards}/strange/",
        f"{cards}/decided/",
        f"{cards}/acquirers/new/",
        f"{cards}/acquirers/{acquirer.account_id}/",
    ):
        page.goto(base_url + address)
        check_accessibility(page)
        assert fits(page), address


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_office_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    paid: Paid,
    bank: Bank,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    (entry,) = bank.settle(line(77, text=f"voor het feest {uuid4()}", name="Wie Weet"))
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, world.anna)
    for address in (
        "/start/",
        "/office/queue/",
        f"/office/lines/{entry.pk}/",
        "/office/suspense/",
        "/office/decisions/",
        f"/office/decisions/?reference={paid.payout.end_to_end_id}",
        "/office/files/",
        "/office/debts/",
    ):
        page.goto(base_url + address)
        check_accessibility(page)
        assert fits(page), address


def test_a_retailer_follows_a_sale_to_the_banks_line(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    paid: Paid,
) -> None:
    page = open_page(PHONE)
    sign_in(page, world.olga)
    page.goto(f"{base_url}{CONSOLE}/money/")
    owed = balance_of(owed_to(world.haarlem), mode="live")
    assert owed == 260
    expect(page.get_by_text("OK bewaart nu € 2,60 voor u")).to_be_visible()
    page.get_by_label("Verkoopnummer of bedrag").fill(str(paid.sale)[:10])
    page.get_by_role("button", name="Zoeken").click()
    page.locator("#main .list-item").first.click()
    expect(page.get_by_text("De bank heeft het geboekt")).to_be_visible()
    page.get_by_role("link", name="In een uitbetaling van").click()
    expect(page.get_by_role("heading", name="€ 18,40")).to_be_visible()
    expect(page.get_by_text("Verkopen betaald met OK")).to_be_visible()


def test_a_retailer_changes_how_it_is_paid(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    paid: Paid,
    complaints: Complaints,
) -> None:
    complaints.forgive("422")
    page = open_page(DESK, language="en")
    sign_in(page, world.olga)
    page.goto(f"{base_url}{CONSOLE}/payouts/terms/")
    page.get_by_label("To which account (IBAN)").fill("NL00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is not an account number (IBAN).")).to_be_visible()
    page.get_by_label("To which account (IBAN)").fill("NL20 INGB 0001 2345 67")
    page.get_by_text("Every week").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It counts from the next payout.")).to_be_visible()


def test_a_retailer_uploads_a_file_and_decides_the_rest(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    acquirer: Acquirer,
    complaints: Complaints,
) -> None:
    page = open_page(DESK)
    complaints.forgive("422")
    sign_in(page, world.olga)
    page.goto(f"{base_url}{CONSOLE}/card-payments/")
    bad = f"{HEADING}\n17-11-2026;1;Z1;vijf;;Z-1".encode()
    upload = page.locator("input[type=file]").first
    upload.set_input_files(files=[csv("fout.csv", bad)])
    page.get_by_role("button", name="Uploaden").first.click()
    expect(page.get_by_text("Regel 2: Een bedrag is niet te lezen. Van het")).to_be_visible()
    today = f"{clock.now():%d-%m-%Y}"
    good = f"{HEADING}\n{today};B-1;Z2;5,00;0,05;Z-2".encode()
    page.locator("input[type=file]").first.set_input_files(files=[csv("goed.csv", good)])
    page.get_by_role("button", name="Uploaden").first.click()
    expect(page.get_by_text("Ingelezen: 1 regels.")).to_be_visible()
    page.goto(f"{base_url}{CONSOLE}/card-payments/strange/")
    card = page.locator("section.card", has_text="B-1")
    card.get_by_role("button", name="Deze").first.click()
    expect(page.get_by_text("Besloten en vastgelegd.")).to_be_visible()
    with merchant_scope(world.kramer.merchant.pk):
        assert ExternalTender.objects.get(reference="A-1").rule == "person"
    page.goto(f"{base_url}{CONSOLE}/card-payments/decided/")
    page.get_by_role("button", name="Terugnemen").first.click()
    with merchant_scope(world.kramer.merchant.pk):
        assert ExternalTender.objects.get(reference="A-1").state == "open"


def test_one_of_oks_own_people_decides_and_takes_back(
    open_page: OpenPage, base_url: str, sign_in: SignIn, world: World, bank: Bank
) -> None:
    text = f"onbekend {uuid4()}"
    (entry,) = bank.settle(line(88, text=text))
    page = open_page(DESK, language="en")
    sign_in(page, world.anna)
    page.goto(f"{base_url}/office/queue/")
    card = page.locator("section.card", has_text=text)
    card.get_by_role("link", name="Split, or suspense").click()
    page.get_by_label("Why").fill("nobody knows")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided, booked and written down.")).to_be_visible()
    assert BankEntry.objects.get(pk=entry.pk).state == "suspense"
    bank.expect(88, f"OK-{entry.pk}", due_on=entry.booked_on + timedelta(days=1))
    page.goto(f"{base_url}/office/suspense/")
    page.get_by_role("link", name=text).click()
    form = page.locator(".list-item", has_text=f"OK-{entry.pk}")
    form.get_by_label("Why").fill("found it")
    form.get_by_role("button", name="That is it").click()
    expect(page.get_by_text("Decided, booked and written down.")).to_be_visible()
    assert BankEntry.objects.get(pk=entry.pk).state == "matched"


def test_somebody_else_finds_no_office(
    open_page: OpenPage, base_url: str, sign_in: SignIn, world: World, complaints: Complaints
) -> None:
    complaints.forgive("404")
    page = open_page(PHONE)
    sign_in(page, world.olga)
    answer = page.goto(f"{base_url}/office/queue/")
    assert answer is not None
    assert answer.status == 404
