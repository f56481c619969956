"""A card is held before the camera: Chromium's camera shows a film that the test has drawn."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.card_form import only_card, open_form, save
from tests.browser.chromium import ARGUMENTS
from tests.browser.conftest import PHONE, Complaints, SignIn
from tests.browser.waiting import until
from tests.wallet.cards import BONUS
from wallet.cards import Wanted, cards_of

WIDTH, HEIGHT, PER_SECOND = 640, 480, 10
EMPTY = Image.new("L", (WIDTH, HEIGHT), 170)
SCAN = "Scan met de camera"


@pytest.fixture
def shopper() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


def card_in_hand(text: str, symbology: str) -> Image.Image:
    """Return what a camera sees of a card: its code, a little askew, on a table."""
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    code = Image.fromarray(barcode.to_image(scale=3, add_quiet_zones=True)).convert("L")
    if code.height < 80:
        code = code.resize((code.width, 140))
    scene = EMPTY.copy()
    scene.paste(code, ((WIDTH - code.width) // 2, (HEIGHT - code.height) // 2))
    return scene.rotate(4, fillcolor=170, resample=Image.Resampling.BICUBIC)


def film(path: Path, scenes: list[Image.Image]) -> Path:
    """Write a film of one second per scene, over and over, as YUV4MPEG2 without colour."""
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as written:
        written.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for scene in scenes:
            written.write((b"FRAME\n" + scene.tobytes() + grey) * PER_SECOND)
    return path


@contextmanager
def seeing(playwright: Playwright, folder: Path, scenes: list[Image.Image]) -> Iterator[Page]:
    """Start a phone whose camera sees these scenes, and whose owner allows the camera."""
    browser = playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        args=[
            *ARGUMENTS,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film(folder / 'camera.y4m', scenes)}",
        ],
    )
    context: BrowserContext = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="nl-NL"
    )
    try:
        yield context.new_page()
    finally:
        browser.close()


@pytest.mark.parametrize(
    ("symbology", "text", "kept"),
    [("EAN13", BONUS["payload"], "ean_13"), ("QRCode", "LID-0099", "qr_code")],
)
def test_a_card_is_added_by_holding_it_before_the_camera(
    playwright: Playwright,
    tmp_path: Path,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    complaints: Complaints,
    symbology: str,
    text: str,
    kept: str,
) -> None:
    with seeing(playwright, tmp_path, [EMPTY, card_in_hand(text, symbology)]) as page:
        complaints.listen_to(page)
        sign_in(page, shopper)
        open_form(page, base_url)
        page.get_by_role("button", name=SCAN).click()
        expect(page.get_by_text("Gevonden.")).to_be_visible()
        expect(page.locator("#camera")).to_be_hidden()
        expect(page.get_by_label("Code", exact=True)).to_have_value(text)
        # The lamp of the camera goes out as soon as the code is there.
        assert page.evaluate("document.querySelector('#camera video').srcObject.active") is False
        page.get_by_label("Welke kaart is het?").fill("Sportclub")
        save(page)
        expect(page.locator("#card[data-drawn]")).to_be_visible()
    card = only_card(shopper)
    assert (card.name, card.symbology, card.payload) == ("Sportclub", kept, text)


def test_a_camera_that_sees_no_card_can_be_closed_and_nothing_is_lost(
    playwright: Playwright, tmp_path: Path, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    with seeing(playwright, tmp_path, [EMPTY]) as page:
        sign_in(page, shopper)
        open_form(page, base_url)
        page.get_by_label("Welke kaart is het?").fill("HEMA")
        page.get_by_role("button", name=SCAN).click()
        expect(page.get_by_text("Houd de barcode in het kader.")).to_be_visible()
        page.locator("#camera").get_by_role("button").click()
        expect(page.locator("#camera")).to_be_hidden()
        expect(page.get_by_label("Welke kaart is het?")).to_have_value("HEMA")
        expect(page.get_by_label("Code", exact=True)).to_have_value("")
        until(page, "() => !document.querySelector('#camera video').srcObject.active")
    assert not cards_of(shopper.pk, Wanted()).exists()
