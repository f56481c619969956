"""``manage.py okcert`` against a running OK: good tills pass, bad ones fail at the right step."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from merchants.models import Certificate, CertificateStep
from okplatform.kernel.tenancy import operator_scope
from tests.merchants.certification.tills import (
    CashTill,
    ForgetfulTill,
    HastyTill,
    NewNumberTill,
    QuotingTill,
    RewritingTill,
    SmallTill,
    TrustingTill,
    standing,
)
from tests.support.counter import Counter, settle_events
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

SDK = settings.BASE_DIR / "sdk" / "python"
PATIENCE = 6.0


def okcert(*said: str) -> tuple[int, dict[str, Any]]:
    """Run the command; return its exit status and what it said in JSON."""
    told = StringIO()
    status = 0
    try:
        call_command("okcert", *said, "--json", stdout=told)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, json.loads(told.getvalue())


def certify(
    kind: type[SmallTill], live_server: LiveServer, world: World, port: int, *said: str
) -> tuple[int, dict[str, Any]]:
    """Certify a till of this kind, at the bakery's counter."""
    till = kind(f"http://127.0.0.1:{port}", world.till.test_key)
    with standing(till) as agent:
        place = ["--agent", agent, "--to", live_server.url, "--port", str(port)]
        return okcert("bakkerij-bol", *place, *said)


def first_failure(said: dict[str, Any]) -> tuple[str, str] | None:
    failed = ((one["scenario"], one["failed"]) for one in said["scenarios"] if not one["passed"])
    return next(failed, None)


@pytest.fixture
def reference_till(world: World, port: int, tmp_path: Path) -> Iterator[str]:
    """The kit's own till, a process of its own behind its agent; yields the agent's address."""
    command = [sys.executable, str(SDK / "examples" / "agent.py")]
    place = [f"http://127.0.0.1:{port}", world.till.test_key, "0", str(PATIENCE)]
    environment = {**os.environ, "PYTHONPATH": str(SDK)}
    with (
        subprocess.Popen(
            [*command, *place], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
        ) as agent,
        ExitStack() as afterwards,
    ):
        afterwards.callback(agent.terminate)
        assert agent.stdout is not None
        yield agent.stdout.readline().strip()


@pytest.fixture(autouse=True)
def warm(world: World) -> None:
    """Sell once before: what is read at the first sale takes longer than these tills wait."""
    assert Counter(world.till, world.till.test_key).sell().status_code == 200


def test_our_own_till_is_certified(
    live_server: LiveServer, world: World, reference_till: str, port: int
) -> None:
    status, said = okcert(
        "bakkerij-bol", "--agent", reference_till, "--to", live_server.url, "--port", str(port)
    )

    assert [one for one in said["scenarios"] if not one["passed"]] == []
    assert status == 0
    assert said["passed"] is True
    settle_events()
    prove()
    with operator_scope("the test looks"):
        kept = Certificate.objects.get(uuid=said["certificate"])
        assert kept.is_passed
        assert CertificateStep.objects.filter(certificate=kept, is_met=False).count() == 0


@pytest.mark.parametrize("kind", [SmallTill, QuotingTill])
def test_a_small_till_that_does_everything_right_is_certified(
    kind: type[SmallTill], live_server: LiveServer, world: World, port: int
) -> None:
    status, said = certify(kind, live_server, world, port)

    assert first_failure(said) is None
    assert status == 0


BAD = {
    NewNumberTill: ("answer_lost", "keeps_the_number"),
    TrustingTill: ("answer_lost", "gives_on_word"),
    CashTill: ("answer_lost", "gives_up_on_word"),
    ForgetfulTill: ("paid_then_power_cut", "remembers"),
    RewritingTill: ("request_lost", "repeats_the_same"),
    HastyTill: ("confirmed", "gives_on_word"),
}


@pytest.mark.parametrize("till", BAD, ids=lambda till: till.__name__)
def test_a_bad_till_fails_at_the_step_that_it_does_wrong(
    till: type[SmallTill], live_server: LiveServer, world: World, port: int
) -> None:
    status, said = certify(till, live_server, world, port)

    assert status == 1
    assert said["passed"] is False
    assert first_failure(said) == BAD[till]
    with operator_scope("the test looks"):
        kept = Certificate.objects.get(uuid=said["certificate"])
        (failed, *_others) = CertificateStep.objects.filter(
            certificate=kept, is_met=False
        ).order_by("number")
        assert (failed.scenario, failed.step) == BAD[till]
    assert (kept.software, kept.is_passed) == (till.__name__, False)
    assert failed.calls
    prove()


def test_who_takes_cash_without_stopping_the_sale_takes_money_twice(
    live_server: LiveServer, world: World, port: int
) -> None:
    _status, said = certify(CashTill, live_server, world, port, "--scenario", "offline_then_cash")

    (one,) = said["scenarios"]
    assert one["steps"]["takes_money_once"] is False
    assert one["steps"]["gives_no_goods_unpaid"] is True
    assert said["certificate"] is None
    with operator_scope("the test looks"):
        assert not Certificate.objects.exists()
