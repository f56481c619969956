"""The code page: a phone is set up, and its code scans, renews and works without a network."""

import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.chromium import ARGUMENTS
from tests.browser.conftest import PHONE, Complaints, OpenPage, SignIn
from tests.browser.waiting import until
from tests.browser.wallet_page import PIN, WalletPage
from tests.support.accounts import ready
from tests.support.scanning import scan
from tests.support.world import World
from tests.wallet.sales import sell
from wallet import codes
from wallet.actions.bind_code import bind
from wallet.actions.block_device import block_device
from wallet.actions.scan_code import Scan
from wallet.models import Device, Handle

MINUTE = 60 * 1000
NO_NETWORK = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def shopper(request: pytest.FixtureRequest) -> Person:
    """Somebody of this test alone."""
    address = f"{abs(hash(request.node.name))}@example.com"
    return create_person(email=address, name="Alice de Wit", actor=SYSTEM)


@pytest.fixture
def wallet(page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person) -> WalletPage:
    sign_in(page_phone, shopper)
    return WalletPage(page_phone, base_url)


def at_till(code: str, sale_ref: str = "0:live:browser") -> Scan:
    return scan(
        code=code,
        till_key="key:0/browser",
        sale_ref=sale_ref,
        merchant_id=0,
        mode="live",
        now=clock.now(),
    )


def use(code: str) -> None:
    """Let a sale use the code's handle up."""
    with transaction():
        bind(handle=codes.parse(code).handle, sale_ref=f"0:live:{code}", now=clock.now())


def test_a_new_phone_shows_a_code_that_a_till_accepts(wallet: WalletPage, shopper: Person) -> None:
    wallet.set_up()
    # The tag was made by the phone's own cryptography; the server derives the same.
    assert at_till(wallet.code()).person_id == shopper.pk
    assert Device.objects.get(person=shopper).name == "Linux"


def test_a_poor_pin_is_refused_with_a_sentence(wallet: WalletPage, shopper: Person) -> None:
    wallet.open()
    for pin, again, sentence in (
        ("1234", "1234", "minstens 5 cijfers"),
        ("12a45", "12a45", "minstens 5 cijfers"),
        ("11111", "11111", "makkelijk te raden"),
        ("54321", "54321", "makkelijk te raden"),
        ("27182", "27183", "verschillen"),
    ):
        wallet.choose_pin(pin, again)
        expect(wallet.setup.locator("[data-part=fault]")).to_contain_text(sentence)
    assert not Device.objects.filter(person=shopper).exists()


def photograph(wallet: WalletPage) -> tuple[str, dict[str, str]]:
    """Return the digits, and what a scanner's own library reads from a picture of the symbols."""
    code, picture = "", b""
    while code != wallet.code():  # a new step may begin between the two looks
        code = wallet.code()
        picture = wallet.page.locator(".wallet-panel").screenshot()
    found = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    return code, {barcode.format.name: barcode.text for barcode in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ratio", [1, 2.625, 3])
def test_both_symbols_read_back_to_the_digits_under_them(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    scheme: str,
    ratio: float,
) -> None:
    page = open_page(PHONE, scheme=scheme, device_scale_factor=ratio)
    sign_in(page, shopper)
    wallet = WalletPage(page, base_url)
    wallet.set_up()
    for _code in range(3):
        code, read = photograph(wallet)
        assert read == {"QRCode": code, "Code128": code}
        wallet.next_code()
        wallet.moves_on_from(code)


def test_the_code_renews_each_twenty_seconds(wallet: WalletPage) -> None:
    wallet.page.clock.install()
    wallet.set_up()
    before = wallet.code()
    wallet.page.clock.run_for(20_000)
    wallet.moves_on_from(before)
    assert codes.parse(wallet.code()).handle == codes.parse(before).handle


def test_without_a_network_the_code_still_shows_and_renews(
    wallet: WalletPage, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    wallet.page.clock.install()
    wallet.set_up()
    wallet.page.context.set_offline(True)
    wallet.page.reload()
    first = wallet.code()
    at_till(first)
    wallet.page.clock.run_for(20_000)
    wallet.moves_on_from(first)
    assert codes.parse(wallet.code()).handle == codes.parse(first).handle


def test_without_a_network_a_handle_that_was_shown_is_not_shown_again(
    wallet: WalletPage, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    wallet.page.clock.install()
    wallet.set_up()
    wallet.page.context.set_offline(True)
    shown, last = [], ""
    for _visit in range(3):
        wallet.page.reload()
        last = wallet.code()
        shown.append(codes.parse(last).handle)
    wallet.page.clock.run_for(3 * MINUTE + 1_000)
    wallet.page.clock.run_for(1_000)
    # The handle alone: the digits after it change with the time.
    wallet.moves_on_from(last[: len(codes.VERSION) + codes.HANDLE_DIGITS])
    shown.append(codes.parse(wallet.code()).handle)
    assert len(set(shown)) == len(shown)


def test_another_page_without_a_network_says_that_the_code_works(
    wallet: WalletPage, complaints: Complaints, base_url: str
) -> None:
    complaints.forgive(NO_NETWORK)
    wallet.set_up()
    wallet.page.context.set_offline(True)
    wallet.page.goto(f"{base_url}/wallet/you/")
    wallet.page.get_by_role("link", name="Toon mijn code").click()
    at_till(wallet.code())


def test_a_used_code_makes_room_for_the_next_at_the_next_visit(wallet: WalletPage) -> None:
    wallet.set_up()
    used = wallet.code()
    use(used)
    wallet.page.reload()
    at_till(wallet.code())
    assert codes.parse(wallet.code()).handle != codes.parse(used).handle


def test_the_code_hides_after_five_minutes_and_the_pin_brings_it_back(
    wallet: WalletPage,
) -> None:
    wallet.page.clock.install()
    wallet.set_up()
    wallet.page.clock.run_for(5 * MINUTE + 1_000)
    expect(wallet.unlock).to_be_visible()
    expect(wallet.digits).to_be_hidden()
    wallet.page.reload()
    expect(wallet.unlock).to_be_visible()
    wallet.enter_pin()
    expect(wallet.digits).not_to_be_empty()


def test_wrong_pins_wait_longer_and_the_tenth_wipes_the_phone(wallet: WalletPage) -> None:
    page = wallet.page
    page.clock.install()
    wallet.set_up()
    page.clock.run_for(5 * MINUTE + 1_000)
    fault = wallet.unlock.locator("[data-part=fault]")
    for wrong in range(1, 10):
        wallet.enter_pin("31415")
        if wrong <= 2:
            expect(fault).to_have_text("Dat is niet uw pincode. Probeer het nog eens.")
        else:
            expect(fault).to_contain_text(f"over {5 * 2 ** (wrong - 3)} s")
            expect(wallet.unlock.locator("button[type=submit]")).to_be_disabled()
        if wrong == 5:
            page.reload()
            expect(wallet.unlock.locator("button[type=submit]")).to_be_disabled()
        page.clock.run_for(5 * 2**wrong * 1000)
    wallet.enter_pin("31415")
    expect(wallet.setup).to_be_visible()
    page.reload()
    expect(wallet.setup).to_be_visible()


def test_whoever_forgot_the_pin_starts_over(wallet: WalletPage, shopper: Person) -> None:
    wallet.page.clock.install()
    wallet.set_up()
    wallet.page.clock.run_for(5 * MINUTE + 1_000)
    wallet.page.locator("[data-act=forgot]").click()
    wallet.page.get_by_role("button", name="Begin opnieuw").click()
    wallet.choose_pin(PIN, PIN)
    at_till(wallet.code())
    assert Device.objects.filter(person=shopper).count() == 2


def test_a_blocked_phone_is_a_stranger_at_its_next_request_and_forgets_everything(
    wallet: WalletPage, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive("409")
    wallet.set_up()
    device = Device.objects.get(person=shopper)
    block_device(person_id=shopper.pk, device_uuid=device.uuid, now=clock.now(), actor=SYSTEM)
    wallet.page.reload()
    expect(wallet.page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    expect(wallet.digits).to_have_count(0)
    gone = "async () => !(await indexedDB.databases()).length && !(await caches.keys()).length"
    until(wallet.page, gone)


def test_a_phone_that_was_only_signed_out_keeps_its_code(
    wallet: WalletPage, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive("401")
    complaints.forgive("403")
    wallet.set_up()
    kept = wallet.databases()
    wallet.page.context.clear_cookies()
    wallet.page.reload()
    expect(wallet.page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    # The worker asked the same before the page was there, and had the same answer.
    device = str(Device.objects.get(person=shopper).uuid)
    assert wallet.ask_for_codes(device) in {401, 403}
    assert wallet.databases() == kept


def test_a_phone_with_a_wrong_clock_shows_right_codes(
    wallet: WalletPage, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    wallet.page.clock.install(time=clock.now().timestamp() + 3 * 3600)
    wallet.set_up()
    at_till(wallet.code())
    wallet.page.context.set_offline(True)
    wallet.page.reload()
    at_till(wallet.code())


def test_the_owner_chooses_what_the_code_pays_from(wallet: WalletPage, shopper: Person) -> None:
    accounts = [
        ready(shopper, iban, now=clock.now())
        for iban in ("NL20INGB0001234567", "NL91ABNA0417164300")
    ]
    wallet.set_up()
    first = wallet.code()
    assert at_till(first).funding_ref == accounts[0].pk
    wallet.page.locator("[data-act=switch]").click()
    wallet.page.locator("[data-part=sources] button").nth(1).click()
    expect(wallet.page.locator("[data-part=funding-tail]")).to_have_text("•• 4300")
    wallet.moves_on_from(first)
    assert at_till(wallet.code()).funding_ref == accounts[1].pk
    wallet.page.reload()
    assert at_till(wallet.code()).funding_ref == accounts[1].pk


def test_the_receipt_appears_by_itself_after_the_sale(
    wallet: WalletPage, shopper: Person, world: World
) -> None:
    wallet.set_up()
    handle = at_till(wallet.code()).handle
    sell(world.till.store, now=clock.now(), person=shopper, handle=handle)
    wallet.page.wait_for_url("**/wallet/receipts/*/")
    expect(wallet.page.get_by_role("heading", level=1)).to_have_text("€\N{NO-BREAK SPACE}4,20")
    wallet.open()
    assert codes.parse(wallet.code()).handle != handle


def test_signing_out_leaves_nothing_behind(
    wallet: WalletPage, shopper: Person, base_url: str, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    wallet.set_up()
    kinds = [name.rpartition("-")[0] for name in wallet.databases()]
    assert kinds == ["ok", "ok-files", "ok-pages"]
    wallet.page.goto(f"{base_url}/wallet/you/")
    wallet.page.get_by_role("button", name="Uitloggen").click()
    wallet.page.wait_for_url(f"{base_url}/")
    assert wallet.databases() == []
    assert Device.objects.get(person=shopper).blocked_at is not None
    wallet.page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        wallet.open()


def test_somebody_else_on_the_same_phone_finds_no_codes(
    wallet: WalletPage, sign_in: SignIn
) -> None:
    other = create_person(email="else@example.com", name="Bob de Vries", actor=SYSTEM)
    wallet.set_up()
    wallet.page.context.clear_cookies()
    sign_in(wallet.page, other)
    wallet.open()
    expect(wallet.setup).to_be_visible()
    assert not Handle.objects.filter(device__person=other).exists()


def test_an_ended_session_still_shows_codes_and_says_so(
    wallet: WalletPage, complaints: Complaints
) -> None:
    complaints.forgive("401")
    complaints.forgive("/events/")
    wallet.set_up()
    wallet.page.context.clear_cookies(name="sessionid")
    wallet.page.evaluate("dispatchEvent(new Event('online'))")
    wallet.page.clock.install()
    wallet.page.clock.run_for(3_000)
    wallet.page.evaluate("dispatchEvent(new Event('online'))")
    expect(wallet.page.get_by_text("U bent niet meer ingelogd")).to_be_visible()
    at_till(wallet.code())


def test_the_first_visit_stays_under_100_kilobytes(wallet: WalletPage) -> None:
    finished: list[Any] = []

    def add(request: Any) -> None:
        finished.append(request)

    wallet.page.on("requestfinished", add)
    wallet.open()
    expect(wallet.setup).to_be_visible()
    wallet.page.wait_for_load_state("load")
    sizes = [request.sizes() for request in finished]  # only now: none still awaited
    assert 20_000 < sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes) <= 100_000


def test_the_code_is_there_within_a_second_on_a_repeat_visit(
    wallet: WalletPage, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    wallet.set_up()
    for is_offline in (False, True):
        wallet.page.context.set_offline(is_offline)
        assert min(_seconds_to_code(wallet) for _visit in range(3)) <= 1


def _seconds_to_code(wallet: WalletPage) -> float:
    started = time.perf_counter()
    wallet.open()
    expect(wallet.digits).not_to_be_empty()
    return time.perf_counter() - started


def test_the_code_is_there_after_a_restart_of_the_browser_without_a_network(
    playwright: Playwright, base_url: str, sign_in: SignIn, shopper: Person, tmp_path: Path
) -> None:
    def start() -> Any:
        return playwright.chromium.launch_persistent_context(
            tmp_path,
            executable_path="/usr/bin/chromium",
            args=ARGUMENTS,
            viewport={"width": PHONE[0], "height": PHONE[1]},
            locale="nl-NL",
        )

    with start() as context:
        wallet = WalletPage(context.pages[0], base_url)
        sign_in(wallet.page, shopper)
        wallet.set_up()
    with start() as context:
        context.set_offline(True)
        wallet = WalletPage(context.pages[0], base_url)
        wallet.open()
        at_till(wallet.code())
