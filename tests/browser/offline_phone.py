"""A phone that is switched off and on again, with a network or with none at all.

``BrowserContext.set_offline`` takes the service worker along when a browser begins with it, so a
phone without a network is one whose browser finds no host: pages, workers and fetches alike.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.chromium import ARGUMENTS
from tests.browser.conftest import PHONE
from tests.browser.waiting import until

DEAD = "--host-resolver-rules=MAP localhost ~NOTFOUND"

MOST_MS = 1_000
"""The code, from the moment the page is asked for, by the page's own clock."""


class OfflinePhone:
    """One profile folder: what the phone keeps when it is off."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright = playwright
        self._folder = folder

    @contextmanager
    def switched_on(self, *, network: bool, **options: Any) -> Iterator[Page]:
        """Start the browser, and kill it at the end."""
        context: BrowserContext = self._playwright.chromium.launch_persistent_context(
            self._folder,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[*ARGUMENTS, *([] if network else [DEAD])],
            viewport={"width": PHONE[0], "height": PHONE[1]},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            **options,
        )
        try:
            yield context.pages[0]
        finally:
            context.close()


def filled(page: Page) -> None:
    """Wait until the page says that everything is on the phone."""
    expect(page.locator("html[data-works-offline]")).to_be_attached()


def without_network(page: Page) -> None:
    """Wait until everything is on the phone, and show the page as it is without a network."""
    filled(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-part=as-of]")).to_be_visible()


def milliseconds_to(page: Page, mark: str) -> float:
    """Return when the page drew something, counted from the moment it was asked for."""
    until(page, "(name) => performance.getEntriesByName(name).length", mark)
    found: float = page.evaluate("name => performance.getEntriesByName(name)[0].startTime", mark)
    return found


def fastest(page: Page, mark: str) -> float:
    """Return the milliseconds of the quickest of three openings: others use this machine too."""
    times = [milliseconds_to(page, mark)]
    for _ in range(2):
        page.reload()
        times.append(milliseconds_to(page, mark))
    return min(times)
