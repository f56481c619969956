"""``manage.py okcert bakkerij-bol --agent http://127.0.0.1:9100``: certify a till's software."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from typing_extensions import override

from merchants.certification.certifying import Under, keep, robot_at, run_all
from merchants.certification.gateways.agent import Agent, AgentSilentError, State
from merchants.certification.gateways.line import LOOPBACK, forward
from merchants.certification.robot import Report
from merchants.certification.scenarios import BY_NAME, SCENARIOS, Scenario
from merchants.certification.words import SCENARIOS as TITLES
from merchants.certification.words import STEPS
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Merchant

OK_HERE = "http://127.0.0.1:8000"
PORT = 9000


class Command(BaseCommand):
    """Certify the software of a till."""

    help = "Sells at a till through its agent while the line to OK misbehaves; exit 1 on a failure."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose till it is, where its agent is, and where the line lies."""
        parser.add_argument("merchant", help="the merchant's reference; its test sales are judged")
        parser.add_argument("--agent", required=True, help="where the till's agent listens")
        parser.add_argument("--to", default=OK_HERE, help="where OK is")
        parser.add_argument("--listen", default=LOOPBACK, help="where the till finds the line")
        parser.add_argument("--port", type=int, default=PORT, help="its port; point the till at it")
        parser.add_argument(
            "--scenario",
            action="append",
            choices=list(BY_NAME),
            help="only this one, may be repeated; gives no certificate",
        )
        parser.add_argument("--json", action="store_true", help="say it in JSON, at the end")

    @override
    def handle(self, *_args: Any, **said: Any) -> None:
        """Run it; the exit status says whether the till passed."""
        merchant = Merchant.objects.filter(reference=said["merchant"]).first()
        if merchant is None:
            message = f"There is no merchant {said['merchant']}."
            raise CommandError(message)
        if forward(said["to"], ("GET", "/api/v1/sales/", b"", {})) is None:
            message = f"OK does not answer at {said['to']}."
            raise CommandError(message)
        agent = Agent(said["agent"])
        with translation.override("en"):
            try:
                passed = self._certify(agent, agent.state(), merchant.pk, said)
            except AgentSilentError as error:
                message = f"The agent did not answer as it should. {error}"
                raise CommandError(message) from error
            except OSError as error:
                message = f"Nothing can listen at {said['listen']}:{said['port']}. {error}"
                raise CommandError(message) from error
        if not passed:
            sys.exit(1)

    def _certify(self, agent: Agent, state: State, merchant_id: int, said: dict[str, Any]) -> bool:
        asked: Sequence[Scenario] = [BY_NAME[name] for name in said["scenario"] or ()]
        under = Under(
            merchant_id=merchant_id,
            uuid=uuid4(),
            target=said["to"],
            place=(said["listen"], said["port"]),
            actor=SYSTEM,
        )
        began_at = clock.now()
        with robot_at(agent, state, under) as (address, robot):
            self._say(said, f"{state.software} {state.version}, at the line on {address}")
            reports = run_all(
                robot, asked or SCENARIOS, tell=lambda report: self._say(said, *told(report))
            )
        passed = all(report.failed is None for report in reports)
        kept = None
        if not asked:
            kept = keep(reports, state=state, under=under, began_at=began_at, now=clock.now())
        if said["json"]:
            number = str(kept.uuid) if kept else None
            self.stdout.write(json.dumps(document(state, reports, number)))
        elif kept:
            self.stdout.write(f"{'Passed' if passed else 'Not passed'}: certificate {kept.uuid}")
        return passed

    def _say(self, said: dict[str, Any], *lines: str) -> None:
        if not said["json"]:
            for line in lines:
                self.stdout.write(line)


def told(report: Report) -> list[str]:
    """Return what to print of a scenario."""
    title = f"{report.scenario.name}: {TITLES[report.scenario.name]}"
    if report.failed is None:
        return [f"ok    {title}"]
    words = STEPS[report.failed]
    calls = [f"      | {line}" for line in report.conversation.splitlines()]
    return [
        f"FAIL  {title}",
        f"      {report.failed}: {words.wrong}",
        f"      {words.remedy}",
        *calls,
    ]


def document(state: State, reports: Sequence[Report], number: str | None) -> dict[str, Any]:
    """Return the run for programs; ``certificate`` is null where only a part was run."""
    return {
        "software": state.software,
        "version": state.version,
        "certificate": number,
        "passed": all(report.failed is None for report in reports),
        "scenarios": [
            {
                "scenario": report.scenario.name,
                "passed": report.failed is None,
                "failed": report.failed,
                "wrong": str(STEPS[report.failed].wrong) if report.failed else None,
                "remedy": str(STEPS[report.failed].remedy) if report.failed else None,
                "steps": {one.step: one.is_met for one in report.findings},
                "calls": report.conversation.splitlines(),
            }
            for report in reports
        ],
    }
