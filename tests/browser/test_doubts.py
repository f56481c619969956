"""What a retailer and OK's own people see of a payout that the bank timed out on."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.trade.models import Sale
from payments.actions.order_payouts import order_payouts
from payments.actions.set_payout_terms import set_payout_terms
from payments.actions.take_status_report import take_status_report
from payments.bankfiles.pain002 import Status, StatusReport
from payments.calendar import Schedule
from payments.gateways.payee_names import NoPayeeNames
from payments.models import HouseAccount, OutgoingFile, Payout
from tests.browser.conftest import DESK, LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.payments.books import bank_account, sell
from tests.payments.settling import our_account
from tests.support.world import World

CONSOLE = "/console/kaashuis"


@dataclass(frozen=True)
class Doubt:
    """A payout in doubt, and the one sale it pays for."""

    payout: Payout
    sale: UUID


@pytest.fixture
def doubt(world: World) -> Doubt:
    """What the bank timed out on."""
    if not HouseAccount.objects.filter(mode="live").exists():
        our_account()
    merchant = world.kaashuis.merchant
    set_payout_terms(
        merchant_id=merchant.pk,
        iban=merchant.iban,
        holder=merchant.name,
        schedule=Schedule.INSTANT,
        threshold=1,
        reserve=0,
        names=NoPayeeNames(),
        now=clock.now(),
        actor=SYSTEM,
    )
    shopper = create_person(email=f"{uuid4()}@example.com", name="Alice", actor=SYSTEM)
    sale_id = sell(world.gouda, bank_account(shopper), 1_840)
    order_payouts(now=clock.now(), actor=SYSTEM)
    with merchant_scope(merchant.pk):
        ordered = Payout.objects.latest("pk")
        sale = Sale.objects.get(pk=sale_id).uuid
    timed_out = StatusReport(
        message_id=OutgoingFile.objects.get(pk=ordered.outgoing_file_id).message_id,
        batch_id="",
        end_to_end_id=ordered.end_to_end_id,
        status=Status.REJECTED,
        reason="AB06",
    )
    take_status_report(reports=[timed_out], now=clock.now(), actor=SYSTEM)
    return Doubt(ordered, sale)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_what_is_in_doubt_can_be_seen_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    doubt: Doubt,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme)
    for person, addresses in (
        (
            world.charlie,
            [
                f"{CONSOLE}/money/",
                f"{CONSOLE}/money/sales/{doubt.sale}/",
                f"{CONSOLE}/payouts/",
                f"{CONSOLE}/payouts/{doubt.payout.pk}/",
            ],
        ),
        (world.anna, ["/office/doubts/"]),
    ):
        sign_in(page, person)
        for address in addresses:
            page.goto(base_url + address)
            check_accessibility(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_person_gives_it_up_and_it_waits_again(
    open_page: OpenPage, base_url: str, sign_in: SignIn, world: World, doubt: Doubt
) -> None:
    page = open_page(DESK, language="en")
    sign_in(page, world.charlie)
    page.goto(f"{base_url}{CONSOLE}/money/")
    expect(page.locator("[data-step=in-doubt]")).to_have_text("€18.40")
    sign_in(page, world.anna)
    page.goto(f"{base_url}/office/doubts/")
    card = page.locator("section", has_text=doubt.payout.end_to_end_id)
    card.get_by_label("Who at the bank said so?").fill("Mrs De Wit")
    card.get_by_role("button", name="It did not happen: pay it again").click()
    expect(page.get_by_text("It is owed again, and paid anew.")).to_be_visible()
    sign_in(page, world.charlie)
    page.goto(f"{base_url}{CONSOLE}/payouts/{doubt.payout.pk}/")
    expect(page.get_by_text("It did not happen, and is paid again.")).to_be_visible()
