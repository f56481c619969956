"""The robot: sells at a till through its agent, spoils the line, and judges what came of it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from merchants.certification.evidence import Evidence, Fact, kinds_of, uuid_of
from merchants.certification.gateways.agent import Agent, AgentSilentError, Restarted, State, Told
from merchants.certification.gateways.line import BadLine, Mischief, Passage
from merchants.certification.judging import Finding, judge
from merchants.certification.scenarios import Dead, Freed, Scenario

MARGIN_SECONDS = 30.0
BEGUN_WITHIN_SECONDS = 30.0
ASKED_EVERY_SECONDS = 0.1
PATIENCES = 4
"""How many times its own patience a till may take: it asks, sends again, gives up, sells anew."""
STOPS_LOST = 1
THIRD = 3
NO_CODE = "9301234567890123456789"
"""A wallet code of nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """Whom the robot shops as: shows a code, answers on the phone, looks into OK's books.

    ``answer`` says yes or no to what one of some sales asks, and tells whether something was asked;
    ``facts`` are those of sales by their numbers.
    """

    show: Callable[[], str]
    answer: Callable[[bool, Sequence[str]], bool]
    facts: Callable[[Sequence[str]], dict[str, Fact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One scenario, what became of its steps, and the calls where one of them did not hold."""

    scenario: Scenario
    findings: Sequence[Finding]
    conversation: str

    @property
    def failed(self) -> str | None:
        """Return the first step that did not hold."""
        return next((one.step for one in self.findings if not one.is_met), None)


@dataclass
class Script:
    """Says what becomes of each call of one scenario, from the first that pays.

    A till that quotes first is spoilt where it hurts: a lost quote is simply asked again.
    """

    scenario: Scenario
    line: BadLine
    dead_until: float
    """A moment of ``time.monotonic``; whoever sends on for ever is heard then."""
    left: list[Mischief] = field(init=False)
    is_dead: bool = field(init=False)
    stops: int = 0
    calls: int = 0

    def __post_init__(self) -> None:
        self.left = list(self.scenario.first)
        self.is_dead = self.scenario.dead is not Dead.NO

    def __call__(self, passage: Passage) -> Mischief:
        """Decide about the next call."""
        self.calls += bool(self.calls or kinds_of(passage)) and bool(uuid_of(passage))
        if not self.calls or not uuid_of(passage):
            return Mischief.NONE
        if self.scenario.freed is Freed.AT_THIRD_CALL and self.calls == THIRD:
            self.line.free()
        if self.left:
            return self.left.pop(0)
        return Mischief.REQUEST_LOST if self._stays_dead(passage.method) else Mischief.NONE

    def _stays_dead(self, method: str) -> bool:
        if self.is_dead and self.scenario.dead is Dead.UNTIL_STOPPED:
            self.stops += method == "DELETE"
            self.is_dead = self.stops <= STOPS_LOST and time.monotonic() < self.dead_until
        return self.is_dead


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """Does scenarios to the till whose agent this is."""

    line: BadLine
    agent: Agent
    state: State
    shopper: Shopper

    @property
    def _seconds(self) -> float:
        """Return how long a sale may take."""
        return MARGIN_SECONDS + PATIENCES * (self.state.gives_up_after + self.state.answer_within)

    def run(self, scenario: Scenario) -> Report:
        """Do one scenario, and judge what came of it."""
        script = Script(
            scenario, self.line, time.monotonic() + PATIENCES / 2 * self.state.gives_up_after
        )
        self.line.begin(script)
        told: Told | None = None
        restarted: Restarted | None = None
        before = 0
        with ThreadPoolExecutor(1) as cashier:
            # The shopper's code is made here: threads of their own have no database.
            sale = cashier.submit(self.agent.sell, self._basket(scenario), seconds=self._seconds)
            if scenario.answer is not None:
                self._answer(sale, is_yes=scenario.answer == "yes")
            if scenario.restarts:
                before, restarted = self._cut_power(script)
            told = _told(sale)
        self.line.settle(seconds=self._seconds)
        seen = Evidence(
            scenario=scenario,
            passages=list(self.line.passages),
            facts=self.shopper.facts(self._numbers()),
            told=None if scenario.restarts else told,
            restarted=restarted,
            before_restart=before,
        )
        findings = list(judge(seen))
        held = all(one.is_met for one in findings)
        return Report(
            scenario=scenario, findings=findings, conversation="" if held else seen.conversation
        )

    def _numbers(self) -> list[str]:
        return list(dict.fromkeys(filter(None, map(uuid_of, list(self.line.passages)))))

    def _basket(self, scenario: Scenario) -> dict[str, object]:
        return {
            "lines": [
                {
                    "name": "Certification",
                    "quantity": 1,
                    "unit_price": scenario.price,
                    "vat_rate": 900,
                }
            ],
            "code": self.shopper.show() if scenario.is_known else NO_CODE,
            "otherwise": scenario.otherwise,
        }

    def _answer(self, sale: Future[Told], *, is_yes: bool) -> None:
        """Answer on the phone once something is asked there, unless the till has ended before."""
        end = time.monotonic() + self._seconds
        while not sale.done() and time.monotonic() < end:
            if self.shopper.answer(is_yes, self._numbers()):
                return
            self.line.wait_for(lambda _passages: sale.done(), seconds=ASKED_EVERY_SECONDS)

    def _cut_power(self, script: Script) -> tuple[int, Restarted | None]:
        """Cut the power after the first call; return how many calls there were, and what came."""
        self.line.wait_for(_is_begun, seconds=BEGUN_WITHIN_SECONDS)
        try:
            self.agent.power_off(seconds=self._seconds)
            before = len(self.line.passages)
            script.is_dead = False
            return before, self.agent.power_on(seconds=self._seconds)
        except AgentSilentError:
            return len(self.line.passages), None


def _is_begun(passages: Sequence[Passage]) -> bool:
    """Say whether the first call that pays has done what it will do to OK."""
    return any(
        one.status is not None or one.mischief is Mischief.REQUEST_HELD
        for one in passages
        if kinds_of(one)
    )


def _told(sale: Future[Told]) -> Told | None:
    try:
        return sale.result()
    except AgentSilentError:
        return None
