"""The quick start, followed to the letter: every command of the page, against a running OK."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from demo.loading.world import load_world
from okplatform.kernel import clock, relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale
from tests.support.proofs import prove

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

PAGE = settings.BASE_DIR / "docs" / "quick-start.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHERE = "http://localhost:8000"


def blocks(kind: str) -> list[str]:
    return [text for named, text in BLOCK.findall(PAGE.read_text()) if named == kind]


@pytest.fixture
def folder(small_sample: int, tmp_path: Path, live_server: LiveServer) -> Path:
    """What `make run` leaves behind: a running OK, and the file of who may sign in."""
    world = load_world([], clock.now(), str)
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "demo.json").write_text(json.dumps(world))
    return tmp_path


def test_every_command_of_the_page_does_what_the_page_says(
    folder: Path, live_server: LiveServer
) -> None:
    commands = "".join(blocks("sh"))
    assert commands.count(WHERE) == 1
    with operator_scope("the test counts"):
        before = Sale.objects.filter(mode="test", state="closed").count()
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands.replace(WHERE, live_server.url)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with operator_scope("the test counts"):
        assert Sale.objects.filter(mode="test", state="closed").count() == before + 2
    while relay.drain():
        pass
    prove()


def test_what_the_page_starts_ok_with_is_what_make_knows() -> None:
    rules = (settings.BASE_DIR / "Makefile").read_text()
    (start,) = blocks("")
    for command in start.split("\n")[:-1]:
        assert f"\n{command.removeprefix('make ')}:" in rules
