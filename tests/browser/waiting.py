"""Wait until something holds in a page.

Playwright's ``wait_for_function`` takes its predicate through ``eval`` each time it asks; our pages
forbid that, so it only ever sees what is true at once.
"""

from typing import Any

from playwright.sync_api import Page

UNTIL = """
async (asked) => {
  const predicate = PREDICATE;
  for (const until = Date.now() + SECONDS * 1000; Date.now() < until;) {
    const found = await predicate(asked);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("still not so after SECONDS seconds: " + predicate);
}
"""


def until(page: Page, predicate: str, asked: Any = None, *, seconds: int = 30) -> Any:
    """Ask this function of the page until it says something true, and return that.

    Raises Playwright's ``Error`` when it has not after so many seconds.
    """
    asking = UNTIL.replace("PREDICATE", predicate).replace("SECONDS", str(seconds))
    return page.evaluate(asking, asked)
