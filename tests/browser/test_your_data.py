"""Your data, as everybody must be able to use it; and the card at the counter."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import DESK, LOOKS, PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.support.signing_in import WHILE
from tests.support.world import PASSWORD, World
from tests.wallet.sales import line, sell
from wallet.actions.bulk import file_receipts_of_merchant
from wallet.actions.declare import declare
from wallet.actions.grant_consent import grant_consent
from wallet.actions.offer_proof import offer_proof
from wallet.consents import consented
from wallet.models import Attestation, Claim, DeclarationKind, Purpose

SHOP = "/wallet/you/shops/bakkerij-bol/"
DATA = "/wallet/you/data/"


@pytest.fixture
def shopper(world: World) -> Person:
    """Somebody who shares everything with the bakery."""
    person = create_person(
        email=f"{uuid4()}@example.com",
        name="Wilhelmina Zeldenrust",
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    now, shop = clock.now(), world.bol.merchant
    for purpose in Purpose.values:
        grant_consent(
            person_id=person.pk,
            merchant_id=shop.pk,
            purpose=purpose,
            text_version=1,
            language="nl",
            now=now - timedelta(days=3),
            actor=SYSTEM,
        )
    declare(
        person_id=person.pk,
        kind=DeclarationKind.ALLERGY,
        codes=["nuts", "sesame"],
        words="schorseneren",
        now=now,
        actor=SYSTEM,
    )
    Attestation.objects.create(
        person_id=person.pk,
        claim=Claim.AGE_18,
        holds=True,
        issuer="https://issuer.example",
        credential_digest=uuid4().bytes,
        attested_at=now,
        expires_at=now + timedelta(days=90),
    )
    offer_proof(person_id=person.pk, claim=Claim.AGE_18, now=now, actor=SYSTEM)
    return person


def bought(world: World, shopper: Person) -> str:
    """Let her buy something, and return the sale's own number."""
    uuid, now = uuid4(), clock.now()
    sell(world.till.store, now=now, person=shopper, lines=[line(1, "Appelflap", 275)], uuid=uuid)
    with transaction():
        file_receipts_of_merchant(merchant_id=world.bol.merchant.pk, mode="live", now=now)
    return str(uuid)


def open_counter(page: Page, base_url: str, sale: str) -> None:
    page.goto(f"{base_url}/console/bakkerij-bol/customers/")
    page.locator("[name=number]").fill(sale)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="Wilhelmina Zeldenrust")).to_be_visible()


def confirm_password(page: Page) -> None:
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_of_ones_data_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    world: World,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    sale = bought(world, shopper)
    counter = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(counter, world.sam)
    open_counter(counter, base_url, sale)
    check_accessibility(counter)
    assert fits(counter)
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, shopper, ago=WHILE)
    for address in (
        DATA,
        SHOP,
        f"{SHOP}card/",
        *(f"{DATA}{one}/" for one in ("about", "looks", "proofs")),
    ):
        page.goto(base_url + address)
        check_accessibility(page)
        assert fits(page), address
    page.goto(f"{base_url}{DATA}deletion/")
    confirm_password(page)
    expect(page.locator("[name=sure]")).to_be_visible()
    check_accessibility(page)
    assert fits(page)


def test_each_switch_acts_alone_and_one_tap_turns_all_off(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, world: World
) -> None:
    sign_in(page_phone, shopper)
    page_phone.goto(base_url + SHOP)
    switches = page_phone.get_by_role("switch")
    expect(switches).to_have_count(len(Purpose.values))
    page_phone.get_by_role("switch", name="Uw allergieën").click()
    page_phone.wait_for_load_state()
    expect(page_phone.get_by_role("switch", name="Uw allergieën")).not_to_be_checked()
    expect(page_phone.get_by_role("switch", checked=True)).to_have_count(len(Purpose.values) - 1)
    page_phone.get_by_role("button", name="Alles uitzetten voor deze winkel").click()
    expect(page_phone.get_by_role("switch", checked=True)).to_have_count(0)
    mine = consented(world.bol.merchant.pk, "identity").filter(person_id=shopper.pk)
    assert not mine.exists()


def test_staff_see_the_card_that_its_owner_sees_and_the_owner_sees_that_they_did(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person, world: World
) -> None:
    sale = bought(world, shopper)
    counter = open_page(DESK, language="nl")
    sign_in(counter, world.sam)
    open_counter(counter, base_url, sale)
    expect(counter.get_by_text("schorseneren")).to_have_count(0)
    counter.get_by_role("button", name="Allergieën tonen").click()
    expect(counter.get_by_text("schorseneren")).to_be_visible()
    phone = open_page(PHONE, language="nl")
    sign_in(phone, shopper)
    phone.goto(f"{base_url}{SHOP}card/")
    expect(phone.locator("article")).to_have_text(
        counter.locator("article").inner_text(), use_inner_text=True
    )
    phone.goto(base_url + SHOP)
    expect(phone.get_by_text("Sam Bakker").first).to_be_visible()
    expect(phone.get_by_text("zag uw allergieën").first).to_be_visible()


def test_everything_is_downloaded_after_the_password_and_then_the_account_is_gone(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    sign_in(page_phone, shopper, ago=WHILE)
    page_phone.goto(base_url + DATA)
    page_phone.get_by_role("link", name="Uw account verwijderen").click()
    confirm_password(page_phone)
    page_phone.goto(base_url + DATA)
    with page_phone.expect_download() as download:
        page_phone.get_by_role("link", name="Alles downloaden").click()
    assert download.value.suggested_filename.endswith(".zip")
    page_phone.get_by_role("link", name="Uw account verwijderen").click()
    page_phone.get_by_label("Ik begrijp dat dit niet ongedaan").check()
    page_phone.get_by_role("button", name="Mijn account verwijderen").click()
    expect(page_phone.get_by_text("Uw account is verwijderd")).to_be_visible()
    page_phone.goto(base_url + DATA)
    expect(page_phone.locator("[name=login]")).to_be_visible()
