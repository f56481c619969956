"""The browser till under OK's own certification robot: whatever the line does, it does right."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from merchants.certification.gateways.agent import Agent
from merchants.certification.gateways.line import Mischief, bad_line
from merchants.certification.queries import facts_of
from merchants.certification.robot import Robot, Shopper
from merchants.certification.scenarios import SCENARIOS
from ok_till.agent import Ended, State, Told, agent_of
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.models import Person
from payments.actions.confirm_payment import authorise
from payments.actions.end_confirmation import end
from payments.models import Confirmation, Payment
from payments.states import ConfirmationState
from tests.browser.conftest import DESK, Complaints, OpenPage, SignIn
from tests.browser.shops import bakery_of
from tests.browser.site import Site
from tests.support.counter import show, with_bank_account
from tests.support.phone import Phone
from tests.support.world import World

ANSWER_WITHIN = 8.0
GIVES_UP_AFTER = 1.0
"""It never does by itself: the line is back after twice that."""

SOLD = 12
"""A till that sold nothing would hold most steps too."""
MOST_LOOKS = 600
"""Half a minute at least: then the till has come to no end."""

T = TypeVar("T")


class MainThread:
    """Playwright and the database live in the test's own thread; others hand it what to do."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()

    def do(self, job: Callable[[], T]) -> T:
        """Have something done there; return what came of it."""
        done: Future[T] = Future()
        self._jobs.put((job, done))
        return done.result()

    def serve(self, until: Future[Any]) -> None:
        """Do what is handed over until something has ended."""
        while not until.done():
            try:
                job, done = self._jobs.get(timeout=0.05)
            except Empty:
                continue
            try:
                done.set_result(job())
            except BaseException as error:  # noqa: BLE001 -- whoever asked hears of it
                done.set_exception(error)


class BrowserCashier:
    """Works the browser till as a cashier does, and closes its window as a power cut does."""

    def __init__(self, main: MainThread, page: Page, address: str) -> None:
        self.main = main
        self.page = page
        self.context: BrowserContext = page.context
        self.address = address
        self.dark = Event()

    def state(self) -> State:
        return {
            "software": "Browser till",
            "version": "1",
            "answer_within": ANSWER_WITHIN,
            "gives_up_after": GIVES_UP_AFTER,
        }

    def sell(self, lines: list[dict[str, Any]], code: str, otherwise: str | None) -> Told:
        self.dark = Event()
        if not self.main.do(lambda: self._ring_up(lines, code)):
            message = self.main.do(self._stop)
            return {"goods": False, "paid_by": None, "message": message}
        how, message = self._pay("ok")
        paid_by = "ok"
        if how == "did-not-happen" and otherwise is not None:
            how, message = self._pay(otherwise)
            paid_by = otherwise
        if how == "happened":
            return {"goods": True, "paid_by": paid_by, "message": message}
        if how != "dark":
            self.main.do(self._stop)
        return {"goods": False, "paid_by": None, "message": message}

    def power_off(self) -> None:
        self.dark.set()
        self.main.do(self.page.close)

    def power_on(self) -> list[Ended]:
        self.dark = Event()
        self.main.do(self._open)
        how, message = self._verdict()
        return [{"paid": how == "happened", "message": message}]

    def _open(self) -> None:
        self.page = self.context.new_page()
        self.page.goto(f"{self.address}/till/")

    def _ring_up(self, lines: list[dict[str, Any]], code: str) -> bool:
        """Type the articles and the code; return whether OK may be asked for the money."""
        page = self.page
        if page.locator("#till-next").is_visible():
            page.locator("#till-next").click()
        for line in lines:
            page.locator("#till-other").click()
            page.locator("#till-other-name").fill(line["name"])
            page.locator("#till-other-price").fill(f"{line['unit_price'] / 100:.2f}")
            page.locator("#till-other-form button[type=submit]").click()
        expect(page.locator("[data-pay=cash]")).to_be_enabled()
        page.locator("#till-query").fill(code)
        expect(page.locator("#till-member:visible, .verdict-did-not-happen")).to_have_count(1)
        is_known = page.locator("#till-member").is_visible()
        if is_known:
            expect(page.locator("[data-pay=ok]")).to_be_enabled()
        return is_known

    def _pay(self, kind: str) -> tuple[str, str]:
        def press() -> None:
            button = self.page.locator(f"[data-pay={kind}]")
            expect(button).to_be_enabled()
            button.click()

        self.main.do(press)
        return self._verdict()

    def _verdict(self) -> tuple[str, str]:
        """Wait until the till says how it ended, as a cashier does who looks at the screen."""
        for _look in range(MOST_LOOKS):
            if self.dark.wait(0.05):
                return "dark", "The screen is dark."
            how, message = self.main.do(self._look)
            if how in ("happened", "did-not-happen"):
                return how, message
        return "nothing", ""

    def _look(self) -> tuple[str, str]:
        if self.page.is_closed():
            return "dark", ""
        box = self.page.locator(".verdict")
        if not box.count():
            return "nothing", ""
        style = re.search(r"verdict-(still-open|did-not-happen)", box.get_attribute("class") or "")
        return style[1] if style else "happened", box.locator(".verdict-sentence").inner_text()

    def _stop(self) -> str:
        message = self._look()[1]
        if self.page.locator("#till-stop").is_visible():
            self.page.locator("#till-stop").click()
            expect(self.page.locator("#till-lines tr")).to_have_count(0)
        return message


def answer(person: Person, uuids: Any, *, is_yes: bool) -> bool:
    """Say yes or no on the phone, if one of these sales asks something."""
    now = clock.now()
    with person_scope(person.pk), transaction():
        asked = Confirmation.objects.filter(
            person_id=person.pk, state=ConfirmationState.ASKED, sale__uuid__in=uuids
        ).first()
        if asked is None:
            return False
        if is_yes:
            authorise(confirmation=asked.uuid, by="pin", now=now, actor=SYSTEM)
        else:
            end(asked, ConfirmationState.DECLINED, now=now, actor=SYSTEM)
    return True


def payments_of(person_id: int) -> int:
    with operator_scope("the test looks"):
        return Payment.objects.filter(bank_account__person_id=person_id).count()


def shopper_of(main: MainThread, phone: Phone, merchant_id: int) -> Shopper:
    return Shopper(
        show=lambda: main.do(lambda: show(phone)),
        answer=lambda is_yes, uuids: main.do(lambda: answer(phone.person, uuids, is_yes=is_yes)),
        facts=lambda uuids: main.do(
            lambda: facts_of(uuids, merchant_id=merchant_id, mode=Mode.LIVE)
        ),
    )


@contextmanager
def standing(cashier: BrowserCashier) -> Iterator[str]:
    agent = agent_of(cashier)
    at_work = Thread(target=agent.serve_forever, daemon=True)
    at_work.start()
    yield f"http://127.0.0.1:{agent.server_address[1]}"
    agent.shutdown()
    agent.server_close()


@pytest.mark.timeout(300)
def test_the_browser_till_holds_every_step_of_every_scenario(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    bob: Person,
    complaints: Complaints,
) -> None:
    complaints.forgive("")  # the line breaks on purpose, and the browser says so
    merchant_id = bakery_of(world).merchant_id
    main, phone = MainThread(), with_bank_account(bob)
    with bad_line(
        site.base_url, lambda _passage: Mischief.NONE, late_seconds=ANSWER_WITHIN * 1.3
    ) as (place, line):
        address = place.replace("127.0.0.1", "localhost")  # where the cookies count
        page = open_page(DESK)
        sign_in(page, world.sam)
        page.goto(f"{address}/till/")
        page.locator("button.till-choice").first.click()
        expect(page.locator("#till-query")).to_be_focused()
        cashier = BrowserCashier(main, page, address)
        with standing(cashier) as agent, ThreadPoolExecutor(1) as elsewhere:
            robot = Robot(
                line=line,
                agent=Agent(agent),
                state=Agent(agent).state(),
                shopper=shopper_of(main, phone, merchant_id),
            )
            run = elsewhere.submit(lambda: [robot.run(scenario) for scenario in SCENARIOS])
            main.serve(run)
        reports = run.result()
        cashier.page.close()
    assert [
        (report.scenario.name, report.failed, report.conversation)
        for report in reports
        if report.failed
    ] == []
    assert payments_of(bob.pk) >= SOLD
