"""Cards read from files, and what files get that hold none."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from fpdf import FPDF
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.card_form import as_file, only_card, open_form, save
from tests.browser.conftest import SignIn
from tests.wallet.cards import BONUS

PASS = {
    "organizationName": "Museum De Fundatie",
    "logoText": "Museumvriend",
    "backgroundColor": "rgb(194, 60, 34)",
    "expirationDate": "2027-06-30T23:59:00+02:00",
    "barcodes": [
        {
            "message": "MV-0099\r\n12",
            "format": "PKBarcodeFormatPDF417",
            "messageEncoding": "iso-8859-1",
            "altText": "0099 12",
        }
    ],
}


@pytest.fixture
def shopper() -> Person:
    email = f"{uuid4()}@example.com"
    return create_person(email=email, name="Alice de Wit", actor=SYSTEM)


@pytest.fixture
def phone(page_phone: Page, sign_in: SignIn, shopper: Person) -> Page:
    sign_in(page_phone, shopper)
    return page_phone


def picture(text: str, symbology: str) -> bytes:
    """Return a photo of a card: its code, not quite straight, on a ground."""
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    code = Image.fromarray(barcode.to_image(scale=4, add_quiet_zones=True)).convert("RGB")
    if code.height < 80:
        code = code.resize((code.width, 160))
    photo = Image.new("RGB", (code.width + 300, code.height + 500), "#d8d0c0")
    photo.paste(code, (150, 250))
    return as_file(photo.rotate(3, fillcolor="#d8d0c0", resample=Image.Resampling.BICUBIC), "JPEG")


def zipped(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return kept.getvalue()


def choose(page: Page, name: str, media_type: str, content: bytes) -> None:
    page.locator("[data-part=file]").set_input_files(
        FilePayload(name=name, mimeType=media_type, buffer=content)
    )


@pytest.mark.parametrize(
    ("symbology", "text", "kept"),
    [
        ("EAN13", BONUS["payload"], "ean_13"),
        ("QRCode", "https://example.nl/leden/0099", "qr_code"),
        ("Code128", "aB-0099", "code_128"),
        ("PDF417", "M1DOE/JOHN 0099", "pdf417"),
    ],
)
def test_a_card_is_read_from_a_photo(
    phone: Page, base_url: str, shopper: Person, symbology: str, text: str, kept: str
) -> None:
    open_form(phone, base_url)
    choose(phone, "photo.jpg", "image/jpeg", picture(text, symbology))
    expect(phone.get_by_text("Gevonden.")).to_be_visible()
    expect(phone.locator("[data-part=preview]")).to_be_visible()
    phone.get_by_label("Welke kaart is het?").fill("Sportclub")
    save(phone)
    expect(phone.locator("#card")).to_be_visible()
    card = only_card(shopper)
    assert (card.symbology, card.payload) == (kept, text)


def test_a_card_is_read_from_a_pdf(phone: Page, base_url: str) -> None:
    letter = FPDF()
    letter.add_page()
    letter.add_page()
    letter.image(io.BytesIO(picture("PDF-0099", "QRCode")), x=20, y=60, w=70)
    open_form(phone, base_url)
    choose(phone, "letter.pdf", "application/pdf", bytes(letter.output()))
    expect(phone.get_by_text("Gevonden.")).to_be_visible()
    expect(phone.get_by_label("Code", exact=True)).to_have_value("PDF-0099")


def test_a_wallet_pass_brings_everything_that_stands_on_it(
    phone: Page, base_url: str, shopper: Person
) -> None:
    icon = as_file(Image.new("RGB", (58, 58), "#c23c22"), "PNG")
    files = {"pass.json": json.dumps(PASS).encode(), "icon@2x.png": icon}
    open_form(phone, base_url)
    choose(phone, "museum.pkpass", "application/vnd.apple.pkpass", zipped(files))
    expect(phone.get_by_text("Gevonden.")).to_be_visible()
    expect(phone.locator("[name=logo]")).to_have_value(re.compile(r"^[0-9a-f]{64}$"))
    save(phone)
    expect(phone.locator("#card[data-drawn]")).to_be_visible()
    card = only_card(shopper)
    assert (card.name, card.issuer) == ("Museumvriend", "Museum De Fundatie")
    assert (card.symbology, card.payload, card.number) == ("pdf417", "MV-0099\r\n12", "0099 12")
    assert (card.colour, str(card.expires_on)) == ("#c23c22", "2027-06-30")


def bomb() -> bytes:
    return zipped({"pass.json": b"0" * (30 * 1024 * 1024)})


BAD: dict[str, tuple[str, Any, str]] = {
    "no code": ("a.png", lambda: as_file(Image.new("RGB", (600, 400), "#eee"), "PNG"), "Geen code"),
    "no picture": ("a.jpg", lambda: b"\xff\xd8\xffnothing of the kind", "kan hier niet worden"),
    "a broken PDF": ("a.pdf", lambda: b"%PDF-1.7 and no more", "kan hier niet worden"),
    "climbs out": ("a.pkpass", lambda: zipped({"../../pass.json": b"{}"}), "beschadigd"),
    "climbs deeper": (
        "a.pkpass",
        lambda: zipped({"pass.json": json.dumps(PASS).encode(), "nl/../../x": b""}),
        "beschadigd",
    ),
    "a bomb": ("a.pkpass", bomb, "beschadigd"),
    "no pass": ("a.pkpass", lambda: zipped({"readme.txt": b"hello"}), "beschadigd"),
    "no JSON": ("a.pkpass", lambda: zipped({"pass.json": b"{"}), "beschadigd"),
    "cut off": ("a.pkpass", lambda: zipped({"pass.json": b"{}"})[:60], "beschadigd"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_gives_no_card_says_why_and_nothing_is_lost(
    phone: Page, base_url: str, name: str
) -> None:
    file, content, sentence = BAD[name]
    open_form(phone, base_url)
    phone.get_by_label("Welke kaart is het?").fill("HEMA")
    choose(phone, file, "application/octet-stream", content())
    expect(phone.get_by_text(sentence)).to_be_visible()
    expect(phone.get_by_label("Welke kaart is het?")).to_have_value("HEMA")
    expect(phone.get_by_label("Code", exact=True)).to_have_value("")


def test_a_photo_of_40_megabytes_is_refused_at_once(
    phone: Page, base_url: str, tmp_path: Path
) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(b"\xff\xd8\xff" + bytes(40 * 1024 * 1024))
    open_form(phone, base_url)
    phone.locator("[data-part=file]").set_input_files(large)
    expect(phone.get_by_text("te groot (meer dan 30 MB)")).to_be_visible()


def test_a_camera_that_is_not_allowed_says_what_else_one_can_do(phone: Page, base_url: str) -> None:
    open_form(phone, base_url)
    phone.get_by_role("button", name="Scan met de camera").click()
    expect(phone.get_by_text("De camera is niet beschikbaar.")).to_be_visible()
