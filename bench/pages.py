"""The shopper's pages as Lighthouse sees them, and what a first visit loads.

The site is the one that `make run` starts, in a database of its own. Lighthouse imitates a slow
phone on a slow line, and looks through a Chromium that is signed in and has the code set up, as
shoppers have it; each look with a browser just started, because what one audit leaves in memory
counts as work of the page in the next. A first visit is weighed apart, in a browser that has seen
nothing yet: what came over the line until the page was quiet and the phone was filled, the service
worker's own store not counted.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import CommandError
from playwright.sync_api import BrowserContext, Playwright, ViewportSize, sync_playwright

from bench.running import free_port, with_path
from bench.shopper import Shopper, seed_shopper
from okplatform.kernel import clock
from okplatform.kernel.databases import own_database
from okplatform.local.setup import BROWSERS
from okplatform.local.stack import Stack
from okplatform.parties.models import Person

DATABASE = "ok_bench_pages"
REDIS_DATABASE = 10
PIN = "27182"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
PHONE = ViewportSize(width=360, height=780)
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
"""What Lighthouse judges, and the least that will do."""
FIRST_VISIT_KB = 100
FILLING = {"code", "card", "receipts", "receipt"}
"""The pages that fill the phone besides."""
ATTEMPTS = 3
"""Lighthouse now and then misses the start of its own recording, and asks to be run again."""
LIGHTHOUSE = Path("node_modules") / "lighthouse" / "cli" / "index.js"


def bench_pages(*, times: int, say: Callable[[str], Any]) -> dict[str, Any]:
    """Look at each page ``times`` times; return medians, and whether all of them will do."""
    with own_database(DATABASE) as name, TemporaryDirectory() as temporary:
        shopper = seed_shopper(now=clock.now())
        port = free_port()
        site = _Site(f"http://localhost:{port}", _session(shopper.person), Path(temporary))
        environment = _environment(name, site)
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=settings.BASE_DIR, env=environment, check=True)  # noqa: S603 -- our own
        with Stack(port=port, folder=site.folder, environment=environment) as stack:
            stack.wait_until_ready()
            with sync_playwright() as playwright:
                figures = _measure(playwright, site, shopper, times=times, say=say)
    return figures | {"verified": all(map(_will_do, figures["pages"].values()))}


@dataclass(frozen=True, slots=True)
class _Site:
    """Where the site is, the session that is signed in, and a folder for what comes along."""

    base_url: str
    session: str
    folder: Path

    def sign_in(self, context: BrowserContext) -> None:
        """Let a browser be the shopper's."""
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": self.session, "url": self.base_url}])


def _measure(
    playwright: Playwright, site: _Site, shopper: Shopper, *, times: int, say: Callable[[str], Any]
) -> dict[str, Any]:
    pages: dict[str, dict[str, float]] = {}
    _set_up(playwright, site)
    for page, path in _addresses(shopper).items():
        address = site.base_url + path
        pages[page] = {
            **_look(playwright, site, address, times=times),
            "first_visit_kb": _first_visit(playwright, site, address, fills=page in FILLING),
        }
        say(f"{page}: {pages[page]}")
    return {"pages": pages}


def _addresses(shopper: Shopper) -> dict[str, str]:
    return {
        "home": "/",
        "code": "/wallet/",
        "card": f"/wallet/cards/{shopper.card}/",
        "receipts": "/wallet/receipts/",
        "receipt": f"/wallet/receipts/{shopper.receipt_id}/",
        "consents": "/wallet/you/data/",
    }


def _session(person: Person) -> str:
    """Sign the shopper in without the form."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@contextmanager
def _phone(playwright: Playwright, site: _Site, *options: str) -> Iterator[BrowserContext]:
    """Start a Chromium that is signed in, with what it kept the last time."""
    context = playwright.chromium.launch_persistent_context(
        str(site.folder / "profile"),
        executable_path=_chromium(),
        args=[*ARGUMENTS, *options],
        viewport=PHONE,
    )
    try:
        site.sign_in(context)
        yield context
    finally:
        context.close()


def _set_up(playwright: Playwright, site: _Site) -> None:
    """Choose a PIN, so that the phone shows the code, and wait until it works offline."""
    with _phone(playwright, site) as context:
        page = context.new_page()
        page.goto(f"{site.base_url}/wallet/")
        setup = page.locator("[data-form=setup]")
        setup.locator("[name=pin]").fill(PIN)
        setup.locator("[name=again]").fill(PIN)
        setup.locator("button[type=submit]").click()
        page.locator("[data-works-offline]").wait_for(timeout=30_000)


def _look(playwright: Playwright, site: _Site, address: str, *, times: int) -> dict[str, float]:
    """Return the median of each category, in hundredths as Lighthouse says them."""
    seen = []
    for _ in range(times):
        debugging = free_port()
        with _phone(playwright, site, f"--remote-debugging-port={debugging}"):
            seen.append(_lighthouse(address, debugging, site.folder / "report.json"))
    return {name: median(scores[name] for scores in seen) for name in LEAST}


def _lighthouse(address: str, debugging: int, report: Path) -> dict[str, int]:
    command = ["node", str(LIGHTHOUSE), address, f"--port={debugging}", "--disable-storage-reset"]
    options = ["--quiet", "--output=json", f"--output-path={report}"]
    chosen = f"--only-categories={','.join(LEAST)}"
    for attempt in range(ATTEMPTS):
        ended = subprocess.run([*command, *options, chosen], cwd=settings.BASE_DIR, check=False)  # noqa: S603 -- our own words
        if ended.returncode == 0:
            break
        if attempt == ATTEMPTS - 1:
            raise CommandError(f"Lighthouse could not look at {address}: see above.")
    found = json.loads(report.read_text())
    if found["finalDisplayedUrl"] != address:
        raise CommandError(f"{address} led to {found['finalDisplayedUrl']}.")
    return {name: round(100 * found["categories"][name]["score"]) for name in LEAST}


def _first_visit(playwright: Playwright, site: _Site, address: str, *, fills: bool) -> float:
    """Return what a browser that has seen nothing loads for a page, in kB over the line."""
    browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
    try:
        context = browser.new_context(viewport=PHONE)
        site.sign_in(context)
        page = context.new_page()
        loaded: list[float] = []
        line = context.new_cdp_session(page)
        line.on("Network.loadingFinished", lambda said: loaded.append(said["encodedDataLength"]))
        line.send("Network.enable")
        page.goto(address, wait_until="networkidle")
        if fills:
            page.locator("[data-works-offline]").wait_for(state="attached", timeout=30_000)
        return round(sum(loaded) / 1000, 1)
    finally:
        browser.close()


def _will_do(page: dict[str, float]) -> bool:
    fast_and_right = all(page[name] >= least for name, least in LEAST.items())
    return fast_and_right and page["first_visit_kb"] <= FIRST_VISIT_KB


def _environment(database: str, site: _Site) -> dict[str, str]:
    """Return the children's environment: that of `make run`, in a world of its own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "okplatform.settings.local",
        "DATABASE_URL": with_path(os.environ["DATABASE_URL"], database),
        "REDIS_URL": os.environ["REDIS_URL"].partition("?")[0] + f"?db={REDIS_DATABASE}",
        "BASE_URL": site.base_url,
        "STATIC_ROOT": str(site.folder / "static"),
        "EMAIL_URL": f"filemail:///{site.folder / 'mail'}",
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
    }


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    path = os.environ.get("CHROMIUM", found)
    if path is None:
        raise CommandError("The pages are looked at with Chromium: `make setup-tests` installs it.")
    return path
