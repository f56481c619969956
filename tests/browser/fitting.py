"""Whether a page has room for all that is on it."""

from playwright.sync_api import Page


def fits(page: Page) -> bool:
    """Say whether nothing sticks out sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
