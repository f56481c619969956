"""The form of a card as its owner handles it."""

import io

from PIL import Image
from playwright.sync_api import Page, expect

from okplatform.parties.models import Person
from wallet.cards import Wanted, cards_of
from wallet.models import Card


def only_card(person: Person) -> Card:
    (card,) = cards_of(person.pk, Wanted())
    return card


def open_form(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/wallet/cards/add/")
    expect(page.locator("[data-part=ways]")).to_be_visible()


def save(page: Page) -> None:
    page.locator("#card-form > button[type=submit]").click()


def as_file(image: Image.Image, kind: str) -> bytes:
    kept = io.BytesIO()
    image.save(kept, kind)
    return kept.getvalue()
