"""The sandbox's own addresses: its clock, and its reset. With a test key only."""

from datetime import datetime

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.contract import Problem
from merchants.models import Sandbox
from merchants.sandbox.actions.move_clock import move_clock
from merchants.sandbox.actions.reset_sandbox import reset_sandbox
from merchants.sandbox.api import schemas
from merchants.sandbox.refusals import TestKeyNeeded
from merchants.sandboxes import sandbox_of
from okplatform.kernel import clock
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.modes import Mode
from okplatform.parties.api.authentication import till_of
from okplatform.parties.scopes import Scope
from okplatform.parties.tills import Till

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
SANDBOX = OpenApiResponse(schemas.SandboxAnswer, "The sandbox as it is now.")


class SandboxView(ApiView):
    """What the addresses of a sandbox share."""

    required_scope = Scope.TEST_CODES

    @staticmethod
    def tester(request: Request) -> Till:
        """Return who calls; raises ``TestKeyNeeded`` where money is real."""
        till = till_of(request)
        if till.mode != Mode.TEST:
            raise TestKeyNeeded
        return till


class ClockView(SandboxView):
    """The sandbox's clock."""

    @extend_schema(
        operation_id="get_test_clock",
        summary="Ask what time it is in the sandbox",
        responses={200: SANDBOX, "4XX": PROBLEM},
    )
    def get(self, request: Request) -> JsonAnswer:
        """Return its time, and which epoch runs."""
        till = self.tester(request)
        return JsonAnswer(answer(sandbox_of(till.merchant_id), wall=clock.now()))

    @extend_schema(
        operation_id="put_test_clock",
        summary="Move the sandbox's clock forward",
        request=schemas.ClockBody,
        responses={200: SANDBOX, "4XX": PROBLEM},
    )
    def put(self, request: Request) -> JsonAnswer:
        """Let it be later, up to five years; it runs on from there. Back goes only a reset."""
        till, wall = self.tester(request), clock.now()
        body = self.body(request, schemas.ClockBody)
        box = move_clock(merchant_id=till.merchant_id, to=body.now, wall=wall, actor=till.actor)
        return JsonAnswer(answer(box, wall=wall))


class ResetView(SandboxView):
    """The sandbox begins anew."""

    @extend_schema(
        operation_id="create_test_reset",
        summary="Let the sandbox begin anew",
        request=schemas.ResetBody,
        responses={200: SANDBOX, "4XX": PROBLEM},
    )
    def post(self, request: Request) -> JsonAnswer:
        """End an epoch: sales, online payments, links and people of before are not seen again."""
        till, wall = self.tester(request), clock.now()
        body = self.body(request, schemas.ResetBody)
        box = reset_sandbox(
            merchant_id=till.merchant_id, epoch=body.epoch, wall=wall, actor=till.actor
        )
        return JsonAnswer(answer(box, wall=wall))


def answer(box: Sandbox | None, *, wall: datetime) -> dict[str, object]:
    """Return a sandbox as the API answers it."""
    found = box or Sandbox(changed_at=wall)
    return {
        "now": (wall + found.ahead).isoformat(),
        "ahead_seconds": int(found.ahead.total_seconds()),
        "epoch": found.epoch,
    }
