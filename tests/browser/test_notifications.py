"""Notifications in a real browser: the page, a message through the worker, and a press on it.

Chromium has no push service without the internet, so its subscription is one of the tests' own;
the permission, the worker and what it shows are Chromium's.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Playwright, Response, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import LOOKS, CheckAccessibility, Complaints, OpenPage, SignIn
from tests.browser.offline_phone import OfflinePhone, filled
from tests.browser.waiting import until
from tests.support.push_service import BrowserKeys, PushPhone, PushService, pushing, unpadded
from tests.wallet.pushes import phones

HERE = "/wallet/you/notifications/"

SUBSCRIPTION = """
(() => {
  const plain = (text) => atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = (text) => Uint8Array.from(plain(text), (one) => one.charCodeAt(0));
  const kept = () => localStorage.getItem("test-subscription");
  const made = (options) => ({
    endpoint: ENDPOINT,
    options: { applicationServerKey: bytes(options).buffer },
    getKey: (name) => bytes({ p256dh: P256DH, auth: AUTH }[name]).buffer,
    unsubscribe: async () => (localStorage.removeItem("test-subscription"), true),
  });
  PushManager.prototype.getSubscription = async () => (kept() ? made(kept()) : null);
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly) throw new TypeError("shown to the person, always");
    localStorage.setItem("test-subscription", applicationServerKey);
    return made(applicationServerKey);
  };
})();
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with pushing() as found:
        yield found


@pytest.fixture
def shopper() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


def with_push(page: Page, service: PushService) -> PushPhone:
    """Give a browser a push service of the tests'."""
    phone = PushPhone(service, f"/{uuid4()}", BrowserKeys())
    told = {
        "ENDPOINT": phone.endpoint,
        "P256DH": unpadded(phone.keys.p256dh),
        "AUTH": unpadded(phone.keys.auth),
    }
    script = SUBSCRIPTION
    for name, value in told.items():
        script = script.replace(name, json.dumps(value))
    page.add_init_script(script)
    return phone


def test_turned_on_by_a_press_tested_and_turned_off(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, service: PushService
) -> None:
    phone = with_push(page_phone, service)
    page_phone.context.grant_permissions(["notifications"], origin=base_url)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/you/")
    page_phone.get_by_role("link", name="Meldingen").click()
    expect(page_phone.get_by_role("button", name="Stuur mij een test")).to_have_count(0)
    page_phone.get_by_role("button", name="Meldingen aanzetten").click()
    expect(page_phone.get_by_text("Meldingen staan aan in deze browser.")).to_be_visible()
    expect(page_phone.get_by_text("deze browser ·")).to_be_visible()
    page_phone.get_by_role("button", name="Stuur mij een test").click()
    expect(page_phone.get_by_text("Er is een test onderweg")).to_be_visible()
    for _look in range(300):
        page_phone.reload()
        if phone.received:
            break
    assert [shown["title"] for shown in phone.shown] == ["Dit werkt"]
    page_phone.get_by_role("button", name="Meldingen uitzetten").click()
    expect(page_phone.get_by_role("button", name="Meldingen aanzetten")).to_be_visible()
    assert [one for one in phones() if one.endpoint == phone.endpoint] == []


def test_a_phone_that_signs_in_anew_keeps_them_and_one_that_was_removed_does_not(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, service: PushService
) -> None:
    phone = with_push(page_phone, service)
    page_phone.context.grant_permissions(["notifications"], origin=base_url)
    sign_in(page_phone, shopper)
    page_phone.goto(base_url + HERE)
    page_phone.get_by_role("button", name="Meldingen aanzetten").click()
    expect(page_phone.get_by_text("Meldingen staan aan in deze browser.")).to_be_visible()
    before = here(phone)
    sign_in(page_phone, shopper)
    with page_phone.expect_response(lambda one: is_push(one, "POST")):
        page_phone.goto(f"{base_url}/wallet/cards/")
    assert here(phone).session_id != before.session_id
    here(phone).delete()
    with page_phone.expect_response(lambda one: is_push(one, "GET")):
        page_phone.goto(f"{base_url}/wallet/cards/")
    until(page_phone, "() => !localStorage.getItem('test-subscription')")
    page_phone.goto(base_url + HERE)
    expect(page_phone.get_by_role("button", name="Meldingen aanzetten")).to_be_visible()
    assert [one for one in phones() if one.endpoint == phone.endpoint] == []


def is_push(response: Response, method: str) -> bool:
    return response.url.endswith("/wallet/phone/push/") and response.request.method == method


def here(phone: PushPhone) -> Any:
    (found,) = (one for one in phones() if one.endpoint == phone.endpoint)
    return found


def test_where_they_cannot_be_shown_the_page_says_why(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    for script, options, said in (
        ("delete globalThis.PushManager", {}, "kan geen meldingen tonen"),
        (
            "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })",
            {},
            "mag geen meldingen van OK tonen",
        ),
        (
            "delete globalThis.PushManager",
            {"user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"},
            "Zet op beginscherm",
        ),
    ):
        page = open_page((360, 780), **options)
        page.add_init_script(script)
        sign_in(page, shopper)
        page.goto(base_url + HERE)
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_role("button", name="Meldingen aanzetten")).to_be_hidden()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_page_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    service: PushService,
    check_accessibility: CheckAccessibility,
    complaints: Complaints,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    complaints.forgive("422")
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    with_push(page, service)
    page.context.grant_permissions(["notifications"], origin=base_url)
    sign_in(page, shopper)
    page.goto(base_url + HERE)
    expect(page.locator("[data-turn=on]")).to_be_visible()
    check_accessibility(page)
    page.locator("[data-turn=on]").click()
    expect(page.locator("[data-turn=off]")).to_be_visible()
    check_accessibility(page)
    page.locator("[name=quiet_from]").fill("")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("[name=quiet_from][aria-invalid=true]")).to_be_visible()
    check_accessibility(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


class Worker:
    """The service worker of a page, which is given messages as a push service would."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.origin = page, base_url
        self._line = page.context.new_cdp_session(page)
        self._found: list[str] = []
        self._last = ""
        self._line.on("ServiceWorker.workerRegistrationUpdated", self._keep)
        self._line.send("ServiceWorker.enable")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def _keep(self, told: dict[str, Any]) -> None:
        self._found += [
            one["registrationId"]
            for one in told["registrations"]
            if one["scopeURL"].startswith(self.origin) and not one["isDeleted"]
        ]

    def push(self, data: str) -> None:
        self._last = data
        self._line.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.origin, "registrationId": self._found[-1], "data": data},
        )

    def shown(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many notifications stand there, and return them.

        Chromium strikes a notification from the list when somebody asks for the list while that
        one is on its way to the screen; so what does not come up is pushed once more, as a push
        service would. The same tag takes the same place.
        """
        for _try in range(15):
            found: list[dict[str, Any]] | None = self.page.evaluate(LOOK, count)
            if found is not None:
                return found
            if count:
                self.push(self._last)
        raise AssertionError(f"{count} notifications never stood there")


# One look decides and tells: a notification that takes another's place is gone in between.
LOOK = """
async (count) => {
  const worker = await navigator.serviceWorker.ready;
  for (let looks = 0; looks < 40; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const all = await worker.getNotifications();
    if (all.length === count) {
      return all.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
    }
  }
  return null;
}
"""


def test_the_worker_shows_what_came_and_something_where_it_cannot_be_read(
    playwright: Playwright, tmp_path: Path, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    phone = OfflinePhone(playwright, tmp_path)
    with phone.switched_on(network=True, permissions=["notifications"]) as page:
        sign_in(page, shopper)
        page.goto(f"{base_url}/wallet/cards/")
        filled(page)
        worker = Worker(page, base_url)
        message = {"title": "Bonuskaart", "body": "Geldig tot en met 30 november.", "tag": "a"}
        worker.push(json.dumps({**message, "url": "/wallet/you/"}))
        worker.push(json.dumps({**message, "url": "/wallet/you/"}))
        (one,) = worker.shown(1)
        assert one == {**message, "data": {"url": "/wallet/you/"}}
        for nonsense in ("", "{", "[]", '"x"', '{"title": 7, "url": "/"}'):
            worker.push(nonsense)
        generic = [one for one in worker.shown(2) if one["tag"] == "ok-news"]
        body = {"nl": "Er is nieuws in uw wallet."}
        language = str(page.context.service_workers[-1].evaluate("navigator.language"))[:2]
        english = "There is news in your wallet."
        assert [one["body"] for one in generic] == [body.get(language, english)]


PRESS = """
async (tag) => {
  let notification;
  // What stands on the screen of a busy machine comes into this list a moment later.
  while (!notification) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    [notification] = await self.registration.getNotifications({ tag });
  }
  const event = new NotificationEvent("notificationclick", { notification });
  const waited = [];
  event.waitUntil = (promise) => waited.push(promise);
  self.dispatchEvent(event);
  await Promise.all(waited.map((one) => one.catch((error) => error)));
}
"""


def test_a_press_takes_the_open_wallet_to_the_page_and_never_elsewhere(
    playwright: Playwright, tmp_path: Path, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    phone = OfflinePhone(playwright, tmp_path)
    with phone.switched_on(network=True, permissions=["notifications"]) as page:
        sign_in(page, shopper)
        page.goto(f"{base_url}/wallet/cards/")
        filled(page)
        worker = Worker(page, base_url)
        for tag, url, leads in (
            ("a", "/wallet/receipts/", "/wallet/receipts/"),
            ("b", "https://elsewhere.example/", "/wallet/"),
            ("c", "//elsewhere.example/", "/wallet/"),
        ):
            worker.push(json.dumps({"title": "OK", "body": "", "tag": tag, "url": url}))
            worker.shown(1)
            page.context.service_workers[-1].evaluate(PRESS, tag)
            page.wait_for_url(base_url + leads)
            worker.shown(0)
        assert len(page.context.pages) == 1
