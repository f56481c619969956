"""The code page as its owner handles it."""

import re
from typing import Any

from playwright.sync_api import Page, expect

PIN = "27182"
ASK = """async (device) => (await fetch("/wallet/phone/stock/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ device }),
})).status"""


class WalletPage:
    """A page at /wallet/, by what one sees and does there."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.address = f"{base_url}/wallet/"
        self.digits = page.locator("[data-part=digits]")
        self.setup = page.locator("[data-form=setup]")
        self.unlock = page.locator("[data-form=unlock]")

    def open(self) -> None:
        self.page.goto(self.address)

    def set_up(self, pin: str = PIN) -> None:
        """Open the page on a new phone and choose a PIN, until the code works offline too."""
        self.open()
        self.choose_pin(pin, pin)
        expect(self.digits).not_to_be_empty()
        expect(self.page.locator("[data-part=works-offline]")).to_be_visible()

    def choose_pin(self, pin: str, again: str) -> None:
        self.setup.locator("[name=pin]").fill(pin)
        self.setup.locator("[name=again]").fill(again)
        self.setup.locator("button[type=submit]").click()

    def enter_pin(self, pin: str = PIN) -> None:
        self.unlock.locator("[name=pin]").fill(pin)
        self.unlock.locator("button[type=submit]").click()

    def code(self) -> str:
        """Return the code on screen."""
        expect(self.digits).not_to_be_empty()
        return self.digits.inner_text().replace(" ", "")

    def moves_on_from(self, code: str) -> None:
        """Wait until the screen shows another code; it is written in groups."""
        expect(self.digits).not_to_have_text(re.compile(r"\s*".join(code)))

    def next_code(self) -> None:
        self.page.locator("[data-act=next]").click()

    def databases(self) -> Any:
        """Return the names of what this browser keeps for the site."""
        return self.page.evaluate(
            "async () => [...(await indexedDB.databases()).map((kept) => kept.name),"
            " ...(await caches.keys())]"
        )

    def ask_for_codes(self, device: str) -> int:
        """Ask as the worker of this phone does, without a token; return the status."""
        status: int = self.page.evaluate(ASK, device)
        return status
