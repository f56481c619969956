"""A large sale with its two people: the till waits, the phone asks, and both learn how it ended."""

import re
import socket
from http import HTTPStatus
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from payments.models import Confirmation, Payment
from tests.browser.conftest import (
    DESK,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.browser.site import CONFIRMATION_SECONDS, Site
from tests.browser.wallet_page import WalletPage
from tests.support.accounts import ready
from tests.support.counter import basket, paying, show, with_bank_account
from tests.support.world import NOW, PASSWORD, World
from wallet.actions.set_pin import set_pin

PIN = "31415"
TILLS = 100
WORDS = {
    "nl": {
        "waits": "Geef nog niets mee. De klant bevestigt € 249,00 op de telefoon.",
        "paid": "Betaald. Geef de boodschappen mee.",
        "said_no": "Niet betaald. De klant zei nee op de telefoon.",
    },
    "en": {
        "waits": "Keep the goods. The customer confirms €249.00 on the phone.",
        "paid": "Paid. Give the goods.",
        "said_no": "Not paid. The customer said no on the phone.",
    },
}


def shopper(*, language: str = "nl") -> Person:
    """Somebody with a PIN and a bank account that no other test pays from."""
    person = create_person(
        email=f"{uuid4()}@example.com",
        name="Fien Fiets",
        language=language,
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    set_pin(person_id=person.pk, pin=PIN, now=NOW, actor=SYSTEM)
    ready(person)
    return person


@pytest.fixture
def phone(site: Site, open_page: OpenPage, sign_in: SignIn) -> WalletPage:
    """A Dutch shopper's phone that shows its code."""
    return phone_of(shopper(), site, open_page, sign_in)


def phone_of(
    person: Person, site: Site, open_page: OpenPage, sign_in: SignIn, *, language: str = "nl"
) -> WalletPage:
    page = open_page(PHONE, has_touch=True, is_mobile=True, language=language)
    sign_in(page, person)
    wallet = WalletPage(page, site.base_url)
    wallet.set_up()
    return wallet


def ring_up_a_bike(till: Page, site: Site, code: str) -> Locator:
    """Ring something up that costs more than a phone lets pass; return where the till speaks."""
    till.goto(f"{site.base_url}/till/")
    till.locator("button.till-choice").first.click()
    expect(till.locator("#till-due")).not_to_be_empty()  # its script has begun
    till.locator("#till-other").click()
    till.locator("#till-other-name").fill("Fiets")
    till.locator("#till-other-price").fill("249")
    till.locator("#till-other-form button[type=submit]").click()
    till.locator("#till-query").fill(code)
    expect(till.locator("#till-member")).to_be_visible()
    till.locator("[data-pay=ok]").click()
    return till.locator(".verdict-sentence")


def payments_of(person_id: int) -> int:
    with operator_scope("the test looks"):
        return Payment.objects.filter(bank_account__person_id=person_id).count()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_phone_asks_by_itself_and_a_pin_pays(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    language: str,
    check_accessibility: CheckAccessibility,
) -> None:
    words = WORDS[language]
    fien = shopper(language=language)
    wallet = phone_of(fien, site, open_page, sign_in, language=language)
    till = open_page(DESK, language=language)
    sign_in(till, world.sam)

    said = ring_up_a_bike(till, site, wallet.code())
    expect(said).to_have_text(words["waits"])
    expect(till.locator(".verdict-why")).to_contain_text(re.compile(r"\d+ s"))
    check_accessibility(till)
    expect(wallet.page).to_have_url(re.compile("/wallet/confirm/"))
    expect(wallet.page.locator("h1")).to_contain_text("249")
    expect(wallet.page.locator("main")).to_contain_text("Bakkerij Bol")
    check_accessibility(wallet.page)
    assert payments_of(fien.pk) == 0

    wallet.page.locator("#pin").fill(PIN)
    wallet.page.locator("[name=answer][value=yes]").click()

    expect(said).to_have_text(words["paid"])
    expect(wallet.page).to_have_url(re.compile(r"/wallet/receipts/\d+/"))
    assert payments_of(fien.pk) == 1


def test_a_no_leaves_the_goods_ready_for_another_payment(
    site: Site, open_page: OpenPage, sign_in: SignIn, world: World, phone: WalletPage
) -> None:
    till = open_page(DESK)
    sign_in(till, world.sam)
    said = ring_up_a_bike(till, site, phone.code())
    phone.page.locator("[name=answer][value=no]").click()
    expect(said).to_contain_text(WORDS["nl"]["said_no"])
    expect(phone.page.locator("#confirm")).to_have_attribute("data-state", "declined")
    expect(till.locator("#till-lines tr")).to_have_count(1)
    till.locator("[data-pay=pin]").click()
    expect(said).to_have_text(WORDS["nl"]["paid"])


def test_a_till_that_stops_takes_the_question_off_the_phone(
    site: Site, open_page: OpenPage, sign_in: SignIn, world: World, phone: WalletPage
) -> None:
    till = open_page(DESK)
    sign_in(till, world.sam)
    said = ring_up_a_bike(till, site, phone.code())
    expect(phone.page.locator("#confirm")).to_have_attribute("data-state", "asked")
    till.locator("#till-stop").click()
    expect(said).to_have_text("Niet betaald. De verkoop is gestopt.")
    expect(phone.page.locator("#confirm")).to_have_attribute("data-state", "withdrawn")
    expect(till.locator("#till-lines tr")).to_have_count(0)


def test_a_phone_without_a_network_is_a_clear_no(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    phone: WalletPage,
    complaints: Complaints,
) -> None:
    complaints.forgive("net::ERR_")
    till = open_page(DESK)
    sign_in(till, world.sam)
    code = phone.code()
    phone.page.context.set_offline(True)
    said = ring_up_a_bike(till, site, code)
    expect(said).to_have_text(WORDS["nl"]["waits"])
    late = re.compile("De klant heeft niet op tijd bevestigd")
    expect(said).to_have_text(late, timeout=(CONFIRMATION_SECONDS + 20) * 1_000)
    expect(till.locator("[data-pay=pin]")).to_be_enabled()


def test_a_passkey_says_yes(
    site: Site, open_page: OpenPage, sign_in: SignIn, world: World, phone: WalletPage
) -> None:
    page = phone.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{site.base_url}/account/2fa/webauthn/add/")
    page.locator("[name=name]").fill("Mijn telefoon")
    page.get_by_role("button", name="Passkey maken").click()
    expect(page.get_by_text("Uw passkey is klaar.")).to_be_visible()
    phone.open()
    till = open_page(DESK)
    sign_in(till, world.sam)
    said = ring_up_a_bike(till, site, phone.code())
    page.locator("[data-act=passkey]").click()
    expect(said).to_have_text(WORDS["nl"]["paid"])
    with operator_scope("the test looks"):
        assert Confirmation.objects.latest("pk").confirmed_by == "passkey"


def test_it_is_answered_without_javascript_too(
    site: Site, open_page: OpenPage, sign_in: SignIn, world: World
) -> None:
    fien = shopper()
    wallet = phone_of(fien, site, open_page, sign_in)
    code = wallet.code()
    wallet.page.close()
    till = open_page(DESK)
    sign_in(till, world.sam)
    said = ring_up_a_bike(till, site, code)
    expect(said).to_have_text(WORDS["nl"]["waits"])
    plain = open_page(PHONE, java_script_enabled=False)
    sign_in(plain, fien)
    plain.goto(f"{site.base_url}/wallet/")
    plain.get_by_role("link", name=re.compile("^Bevestig €")).click()
    plain.locator("#pin").fill(PIN)
    plain.locator("[name=answer][value=yes]").click()
    expect(said).to_have_text(WORDS["nl"]["paid"])


class _Till:
    """A till that waits for its answer, on a connection of its own."""

    def __init__(self, site: Site, path: str, key: str) -> None:
        host, port = site.base_url.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=40)
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {key}\r\n"
            "Connection: close\r\n\r\n".encode()
        )

    def answer(self) -> bytes:
        heard = b""
        with self._socket:
            while part := self._socket.recv(65_536):
                heard += part
        return heard


def test_a_hundred_waiting_tills_hold_nobody_up_and_hear_it_at_once(
    site: Site, open_page: OpenPage, sign_in: SignIn, world: World
) -> None:
    fien = create_person(email=f"{uuid4()}@example.com", name="Fien", actor=SYSTEM)
    set_pin(person_id=fien.pk, pin=PIN, now=NOW, actor=SYSTEM)
    bike = {"sku": "", "name": "Fiets", "quantity": 1, "unit_price": 24_900, "vat_rate": 2_100}
    path = f"/api/v1/sales/{uuid4()}"
    request = open_page(DESK).request
    headers = {"Authorization": f"Bearer {world.till.key}"}
    body = basket(bike, payment=paying(), code=show(with_bank_account(fien)))
    sold = request.put(f"{site.base_url}{path}", data=body, headers=headers)
    assert sold.json()["verdict"] == "still_open"
    waiting = [_Till(site, f"{path}?wait=25", world.till.key) for _ in range(TILLS)]
    following = _Till(site, f"{path}/events", world.till.key)

    for _ in range(5):
        answer = request.get(f"{site.base_url}{path}", headers=headers, timeout=5_000)
        assert answer.status == HTTPStatus.OK
    phone = open_page(PHONE)
    sign_in(phone, fien)
    with operator_scope("the test looks"):
        asked = Confirmation.objects.latest("pk")
    phone.goto(f"{site.base_url}/wallet/confirm/{asked.uuid}/")
    phone.locator("#pin").fill(PIN)
    phone.locator("[name=answer][value=yes]").click()

    answers = [till.answer() for till in waiting]
    assert all(b'"verdict":"happened"' in heard for heard in answers)
    followed = following.answer()
    assert followed.count(b"event: sale") == 2
    first = followed.partition(b"event: sale")[2].partition(b"event: sale")[0]
    assert b'"verdict":"still_open"' in first
    assert b'"verdict":"happened"' in followed
    assert payments_of(fien.pk) == 1
