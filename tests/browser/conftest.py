"""Fixtures for tests in Chromium: the running site, a phone, a desk, signing in, accessibility.

    def test_a_shopper_sees_the_code(base_url, page_phone, sign_in, alice):
        sign_in(page_phone, alice)
        page_phone.goto(f"{base_url}/wallet/")

Data is committed to the site's own database and stays until the run ends. Everybody in it moves
out of the way before each test, so that the people and shops of tests/support/world.py are new
to it: nothing that another test left at a till or on a phone is met.
A page that complains in its console fails its test; `complaints.forgive("404")` expects it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings, settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils.crypto import get_random_string
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from pytest_django import DjangoDbBlocker, Settings

from okplatform.parties.models import Person
from tests.browser.chromium import Chromium
from tests.browser.newcomers import make_room
from tests.browser.site import Site, running_site
from tests.support.signing_in import shown
from tests.support.template import migrated
from tests.support.world import World

PHONE = (360, 780)
DESK = (1280, 800)
LOOKS = [
    pytest.param("nl", PHONE, "light", id="nl-phone-light"),
    pytest.param("en", DESK, "dark", id="en-desk-dark"),
    pytest.param("en", PHONE, "dark", id="en-phone-dark", marks=pytest.mark.long),
    pytest.param("nl", DESK, "light", id="nl-desk-light", marks=pytest.mark.long),
]
"""Both languages and both themes on both sizes; the first two show each of them once."""
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


# Chromium, two sites and their workers may share two cores with whatever else runs.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # The first one starts the site and Chromium, which takes long on a busy machine.
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """The running site."""
    with django_db_blocker.unblock():
        template = migrated()
    alone = worker_id == "master"
    # Every process of a run has its folder in the run's.
    own = tmp_path_factory.getbasetemp()
    with running_site(
        worker=0 if alone else int(worker_id.removeprefix("gw")),
        folder=tmp_path_factory.mktemp("site"),
        static=(own if alone else own.parent) / "static",
        template=template,
    ) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """Where the site is."""
    return site.base_url


@pytest.fixture(autouse=True)
def _site_database(site: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point the test's own queries at the site's database, committed."""
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = site.database
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual


@pytest.fixture(autouse=True)
def _hashes_of_the_site(settings: Settings) -> None:
    """Hash passwords as the site does; the other tests take a quick way it does not know."""
    settings.PASSWORD_HASHERS = [
        "tests.browser.newcomers.RememberedHasher",
        *global_settings.PASSWORD_HASHERS[1:],
    ]


@pytest.fixture(scope="session", autouse=True)
def _django_beside_playwright() -> Iterator[None]:
    """Let Django's synchronous calls through: Playwright keeps an event loop in this thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def world(_site_database: None) -> World:
    """The people and shops of the other tests, committed, and new to this test."""
    make_room()
    return World()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    started = Chromium(playwright)
    yield started
    started.stop()


class Complaints:
    """What pages said in their consoles: errors, refused scripts, exceptions."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._forgiven: list[str] = []

    def listen_to(self, page: Page) -> None:
        """Hear what goes wrong in a page."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._heard.append(f"{page.url}: {error}"))

    def forgive(self, part: str) -> None:
        """Expect complaints that hold `part`: the test provokes them."""
        self._forgiven.append(part)

    def left(self) -> list[str]:
        """Return the complaints that nobody expected."""
        return [said for said in self._heard if not any(part in said for part in self._forgiven)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._heard.append(f"{message.location.get('url', '')}: {message.text}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fail the test when a page complained unexpectedly."""
    heard = Complaints()
    yield heard
    assert heard.left() == []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Chromium, complaints: Complaints) -> Iterator[OpenPage]:
    """Open pages that share nothing: `open_page(PHONE, language="en", scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_one(
        size: tuple[int, int], *, language: str = "nl", scheme: str = "light", **options: Any
    ) -> Page:
        context = chromium.browser().new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="nl-NL" if language == "nl" else "en-GB",
            timezone_id="Europe/Amsterdam",
            color_scheme="dark" if scheme == "dark" else "light",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        complaints.listen_to(page)
        return page

    yield open_one
    chromium.close(contexts)


@pytest.fixture
def page_phone(open_page: OpenPage) -> Page:
    """A phone, in Dutch, in the light."""
    return open_page(PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def page_desk(open_page: OpenPage) -> Page:
    """A cash desk or an office, in Dutch, in the light."""
    return open_page(DESK)


SignIn = Callable[..., None]


@pytest.fixture
def sign_in(base_url: str) -> SignIn:
    """Sign somebody in without the form: they have just done so, or `ago=WHILE`."""

    def sign_in_as(page: Page, person: Person, *, ago: timedelta = timedelta()) -> None:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.update(shown(person, ago=ago))
        session.save()
        cookies = {
            settings.SESSION_COOKIE_NAME: session.session_key or "",
            # Signing in sets it, so whoever is signed in has one (a secret of Django's length).
            settings.CSRF_COOKIE_NAME: get_random_string(32),
        }
        page.context.add_cookies(
            [{"name": name, "value": value, "url": base_url} for name, value in cookies.items()]
        )

    return sign_in_as


CheckAccessibility = Callable[[Page], None]

# What is halfway in has half its contrast: let it arrive. What moves for ever does not.
STANDS_STILL = """() => Promise.race([
  Promise.allSettled(document.getAnimations().map((one) => one.finished)),
  new Promise((done) => setTimeout(done, 1000)),
]).then(() => null)"""


@pytest.fixture
def check_accessibility() -> CheckAccessibility:
    """Run axe-core's WCAG 2.2 AA rules over the page as it is shown."""
    source = AXE.read_text()

    def check(page: Page) -> None:
        page.evaluate(STANDS_STILL)
        page.evaluate(source)
        rules = {"runOnly": {"type": "tag", "values": WCAG}}
        found = page.evaluate("rules => axe.run(document, rules)", rules)
        breaches = [
            f"{breach['id']}: {node['html']} ({node['failureSummary']})"
            for breach in found["violations"]
            for node in breach["nodes"]
        ]
        assert breaches == []

    return check
