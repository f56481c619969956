"""A whole certification: the shopper, the line, every scenario, and the certificate."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from merchants.certification.actions.answer_for_shopper import answer_for_shopper
from merchants.certification.actions.keep_certificate import Judged, keep_certificate
from merchants.certification.actions.make_shopper import make_shopper
from merchants.certification.gateways.agent import Agent, State
from merchants.certification.gateways.line import Mischief, bad_line
from merchants.certification.queries import facts_of
from merchants.certification.robot import Report, Robot, Shopper
from merchants.certification.scenarios import Scenario
from merchants.models import Certificate
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from wallet.actions.issue_test_code import issue_test_code

LONGER = 1.3
"""How much longer than a till waits its late answers take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """Under which conditions a till is tested.

    ``uuid`` names the run; ``target`` is where OK is, ``place`` where the line listens.
    """

    merchant_id: int
    uuid: UUID
    target: str
    place: tuple[str, int]
    actor: Actor


@contextmanager
def robot_at(agent: Agent, state: State, under: Under) -> Iterator[tuple[str, Robot]]:
    """Open the line with a robot at it; yields the line's address, for the till to be pointed at.

    Raises ``OSError`` where nothing can listen there.
    """
    shopper = _shopper(under)
    late = state.answer_within * LONGER
    with bad_line(
        under.target, lambda _passage: Mischief.NONE, late_seconds=late, place=under.place
    ) as (address, line):
        yield address, Robot(line=line, agent=agent, state=state, shopper=shopper)


def _shopper(under: Under) -> Shopper:
    person = make_shopper(uuid=under.uuid, now=clock.now(), actor=under.actor)
    return Shopper(
        show=lambda: issue_test_code(email=person.email, now=clock.now(), actor=under.actor).code,
        answer=lambda is_yes, uuids: answer_for_shopper(
            person_id=person.pk, uuids=uuids, is_yes=is_yes, now=clock.now(), actor=under.actor
        ),
        facts=lambda uuids: facts_of(uuids, merchant_id=under.merchant_id),
    )


def run_all(
    robot: Robot, scenarios: Sequence[Scenario], *, tell: Callable[[Report], None]
) -> Sequence[Report]:
    """Do the scenarios one after the other; ``tell`` hears of each when it is over."""
    reports = []
    for scenario in scenarios:
        reports.append(robot.run(scenario))
        tell(reports[-1])
    return reports


def keep(
    reports: Sequence[Report], *, state: State, under: Under, began_at: datetime, now: datetime
) -> Certificate:
    """Keep what was found as a certificate."""
    return keep_certificate(
        merchant_id=under.merchant_id,
        uuid=under.uuid,
        software=state.software,
        version=state.version,
        steps=[
            Judged(
                scenario=report.scenario.name,
                step=one.step,
                is_met=one.is_met,
                calls=report.conversation if one.step == report.failed else "",
            )
            for report in reports
            for one in report.findings
        ],
        began_at=began_at,
        now=now,
        actor=under.actor,
    )
