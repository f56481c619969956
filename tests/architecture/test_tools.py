"""The tools are set as we mean them: each kind of mistake planted, and named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.architecture.check import STEPS, Step, tool
from tests.architecture.gates.tree import ROOT, plant

MISTAKES = {
    "TID251": "from django.db import transaction\n\nwith transaction.atomic():\n    pass\n",
    "TID252": "from .codes import tag\n",
    "C901": "def choose(n: int) -> None:\n" + "    if n:\n        n -= 1\n" * 8,
    "PLR0915": "def long(n: int) -> int:\n" + "    n += 1\n" * 41 + "    return n\n",
    "PLC0415": "def late() -> None:\n    import json\n\n    json.loads('1')\n",
    "BLE001": "try:\n    pass\nexcept Exception:\n    pass\n",
    "S608": "SQL = 'SELECT * FROM x WHERE id = {}'.format(input())\n",
    "DTZ005": "from datetime import datetime\n\nX = datetime.now()\n",
    "FBT001": "def send(now: bool) -> None: ...\n",
    "T201": "print('paid')\n",
    "E501": f"X = '{'x' * 100}'\n",
    "PGH003": "X = 1  # type: ignore\n",
    "ERA001": "# x = 1\n",
    "D103": "def pay() -> None: ...\n",
}
REPLACEMENTS = {
    "from django.utils import timezone\n\nX = timezone.now()\n": "okplatform.kernel.clock.now()",
    "from django.db import transaction\n\nX = transaction.atomic\n": "okplatform.kernel.db",
    "from django_scopes import scopes_disabled\n\nX = scopes_disabled\n": "operator_scope",
    "import time\n\ntime.sleep(1)\n": "next_attempt_at",
    "import requests\n\nX = requests\n": "a gateway",
}


def _ruff(text: str) -> str:
    command = tool("ruff", "check", "--stdin-filename", "wallet/actions/planted.py", "-")
    done = subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.parametrize("rule", MISTAKES)
def test_ruff_names_the_mistake(rule: str) -> None:
    assert f"{rule} " in _ruff(MISTAKES[rule])


@pytest.mark.parametrize("text", REPLACEMENTS)
def test_a_banned_call_is_told_its_replacement(text: str) -> None:
    assert REPLACEMENTS[text] in _ruff(text)


def test_ruff_says_nothing_about_a_clean_module() -> None:
    assert _ruff('"""Codes."""\n\nDIGITS = 22\n').strip() == "All checks passed!"


def test_mypy_is_strict_and_knows_the_models(tmp_path: Path) -> None:
    text = """
from typing import Any
from okplatform.trade.models import Sale

class Upper:
    def name(self) -> str: return ""

class Lower(Upper):
    def name(self) -> str: return ""

def untyped(x): return x

def unbound(yes: bool) -> int:
    if yes:
        x = 1
    return x

def read(sale: Sale) -> str: return sale.gross
"""
    planted = plant(tmp_path, "planted.py", text)
    done = subprocess.run(
        tool("mypy", str(planted)),
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    for code in ("explicit-override", "no-untyped-def", "possibly-undefined", "return-value"):
        assert f"[{code}]" in done.stdout, done.stdout + done.stderr


def test_djlint_names_what_it_would_write_otherwise(tmp_path: Path) -> None:
    plant(tmp_path, "templates/bad.html", "<div><p>x</p>\n      </div><img src='x'>\n")
    settings = ("--profile", "django", "--configuration", str(ROOT / "pyproject.toml"))
    for mode in ("--check", "--lint"):
        done = subprocess.run(
            tool("djlint", *settings, mode, "templates"),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, done.stdout + done.stderr


def test_a_step_fails_with_its_first_failing_command_and_says_what_to_do(tmp_path: Path) -> None:
    good = [sys.executable, "-c", "pass"]
    bad = [sys.executable, "-c", "raise SystemExit('no\\n' * 100)"]
    assert Step("fine", [good, good], "nothing").run(tmp_path) is None
    said = Step("broken", [good, bad, good], "Mend it").run(tmp_path)
    assert said is not None
    assert said.startswith("40 lines before …\nno\n")
    assert said.endswith("Mend it")


def test_drift_of_the_api_document_fails_its_step(tmp_path: Path) -> None:
    (compare,) = (step.commands[1] for step in STEPS if step.name == "api")
    plant(tmp_path, compare[-2], "paths:\n  /sales: {}\n")
    plant(tmp_path, compare[-1], "paths:\n  /sales: {}\n  /planted: {}\n")
    said = Step("api", [compare], "make openapi").run(tmp_path)
    assert said is not None
    assert "+  /planted: {}" in said


def test_a_view_the_api_document_cannot_describe_is_caught(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="due to warnings"):
        call_command(
            "spectacular",
            urlconf="tests.architecture.planted_api",
            fail_on_warn=True,
            file=str(tmp_path / "openapi.yaml"),
        )
