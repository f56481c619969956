"""Every symbology with nasty payloads: drawn by our page, read back by a scanner's own eyes."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import PHONE, OpenPage, SignIn
from tests.wallet.cards import put
from wallet.symbologies import SYMBOLOGIES, Unfit, encoding_for, unfit, upc_a_of

SHARP = 3
"""Device pixels for each CSS pixel: what phones of 360 pixels wide have."""

GS = "\x1d"
LATIN = "café ÿ§"
CONTROLS = "".join(map(chr, range(1, 32)))

NASTY: dict[str, list[str]] = {
    "aztec": ["0", "007", "lower", f"a{GS}b", CONTROLS, LATIN, "€ 日本", "0a" * 750],
    "codabar": ["000", "A007B", "1-2$3:4/5.6+7", "D" + "0" * 78 + "C"],
    "code_39": ["0", "007", "A-1 $/+%.", "A0" * 40],
    "code_93": ["0", "007", "lower", f"a{GS}b", "aB" * 40],
    "code_128": ["0", "007", "0007", "lower", f"a{GS}b", CONTROLS, "12A", "aB" * 40, "0" * 80],
    "data_matrix": ["0", "007", "lower", f"a{GS}b", CONTROLS, LATIN, "€ 日本", "0a" * 750],
    "ean_8": ["00000000", "01234565"],
    "ean_13": ["0000000000000", "2620012345678", "0123456789012"],
    "itf": ["000000", "001234", "0123" * 20],
    "pdf417": ["0", "007", "lower", f"a{GS}b", CONTROLS, LATIN, "€ 日本", "0a" * 400],
    "qr_code": ["0", "007", "lower", f"a{GS}b", CONTROLS, LATIN, "€ 日本", "0a" * 1000],
    "upc_a": ["000000000000", "036000291452"],
    "upc_e": ["00000000", "01234565", "12345670"],
    "gs1_128": ["0195012345678903", f"10AB^C{GS}21lower", f"10{'0' * 20}{GS}21{'a' * 20}"],
    "gs1_data_matrix": ["0195012345678903", f"10AB^C{GS}21lower", f"10{'0' * 20}{GS}21{'a' * 20}"],
    "databar": ["00000000000000", "01234567890128"],
}
FORMATS = {
    "aztec": "Aztec",
    "codabar": "Codabar",
    "code_39": "Code39Std",
    "code_93": "Code93",
    "code_128": "Code128",
    "data_matrix": "DataMatrix",
    "ean_8": "EAN8",
    "ean_13": "EAN13",
    "itf": "ITF",
    "pdf417": "PDF417",
    "qr_code": "QRCode",
    "upc_a": "UPCA",
    "upc_e": "UPCE",
    "gs1_128": "Code128",
    "gs1_data_matrix": "DataMatrix",
    "databar": "DataBarOmni",
}
ANNOUNCED = {"]Q2", "]z3", "]d4"}
"""What a scanner calls a QR, an Aztec, a Data Matrix that announces its encoding (ECI)."""


@pytest.fixture(scope="module")
def shoppers() -> list[Person]:
    """The one shopper of this module, once somebody made her."""
    return []


@pytest.fixture
def shopper(shoppers: list[Person]) -> Person:
    if not shoppers:
        email = f"{uuid4()}@example.com"
        shoppers.append(create_person(email=email, name="Alice de Wit", actor=SYSTEM))
    return shoppers[0]


def drawn(page: Page, base_url: str, person: Person, symbology: str, payload: str) -> Image.Image:
    """Add a card, open its page, and take a picture of the code on screen."""
    barcode = {"symbology": symbology, "payload": payload}
    card = put(person, clock.now() - timedelta(minutes=1), name="Kaart", barcode=barcode)
    page.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    expect(page.locator("#card[data-drawn]")).to_be_attached()
    picture = page.locator("[data-part=symbol]").screenshot()
    return Image.open(io.BytesIO(picture))


def seen(picture: Image.Image, symbology: str) -> zxingcpp.Barcode:
    found = zxingcpp.read_barcodes(
        picture,
        formats=getattr(zxingcpp.BarcodeFormat, FORMATS[symbology]),
        text_mode=zxingcpp.TextMode.Plain,
    )
    assert found, "no scanner reads it"
    return found[0]


def as_scanned(symbology: str, payload: str) -> bytes:
    """Return the bytes a scanner says.

    Codabar comes with its guards, which are a part of the symbol; UPC as the EAN-13 it stands for,
    DataBar with its GS1 identifier, as every scanner may be told to say them.
    """
    if symbology == "codabar" and not payload.startswith(tuple("ABCD")):
        payload = f"A{payload}A"
    written_out = {
        "upc_a": lambda digits: f"0{digits}",
        "upc_e": lambda digits: f"0{upc_a_of(digits)}",
        "databar": lambda digits: f"01{digits}",
    }
    text = written_out.get(symbology, str)(payload)
    return text.encode(encoding_for(text))


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_every_nasty_payload_is_read_back_the_same(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person, symbology: str
) -> None:
    page = open_page(PHONE, device_scale_factor=SHARP)
    sign_in(page, shopper)
    for payload in NASTY[symbology]:
        picture = drawn(page, base_url, shopper, symbology, payload)
        assert picture.width <= PHONE[0] * SHARP, payload
        read = seen(picture, symbology)
        assert bytes(read.bytes) == as_scanned(symbology, payload), payload
        assert read.symbology_identifier not in ANNOUNCED, payload


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_the_code_stays_white_around_in_the_dark(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person, symbology: str
) -> None:
    page = open_page(PHONE, scheme="dark", device_scale_factor=SHARP)
    sign_in(page, shopper)
    payload = NASTY[symbology][1]
    picture = drawn(page, base_url, shopper, symbology, payload)
    assert bytes(seen(picture, symbology).bytes) == as_scanned(symbology, payload)
    panel = Image.open(io.BytesIO(page.locator("#card").screenshot())).convert("L")
    edge = panel.crop((panel.width // 2, 40, panel.width // 2 + 1, 60))
    assert edge.getextrema() == (255, 255)


@pytest.mark.parametrize("symbology", ["code_39", "code_128", "ean_13", "itf", "qr_code", "upc_a"])
def test_without_javascript_the_server_draws_what_it_knows(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person, symbology: str
) -> None:
    page = open_page(PHONE, device_scale_factor=SHARP, java_script_enabled=False)
    sign_in(page, shopper)
    payload = NASTY[symbology][1]
    card = put(
        shopper,
        clock.now(),
        name="Kaart",
        barcode={"symbology": symbology, "payload": payload},
    )
    page.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    picture = Image.open(io.BytesIO(page.locator(".card-symbol-plain").screenshot()))
    assert bytes(seen(picture, symbology).bytes) == as_scanned(symbology, payload)


def test_nothing_longer_than_the_longest_gets_in() -> None:
    for symbology in SYMBOLOGIES.values():
        longest = max(NASTY[symbology.name], key=len)
        assert unfit(symbology, longest, encoding_for(longest)) is None
        if not symbology.lengths:
            too_long = "00" * symbology.longest
            reasons = {Unfit.TOO_LONG, Unfit.LENGTH}
            assert unfit(symbology, too_long, encoding_for(too_long)) in reasons
