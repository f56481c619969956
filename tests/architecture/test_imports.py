"""The map, as import-linter and the gate about actions see it; and the imports they must catch."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.gates.actions import web_in_actions
from tests.architecture.gates.strings import upward_names
from tests.architecture.gates.tree import PACKAGES, ROOT, listed, plant

PLANTED = {
    "okplatform/kernel/planted.py": "from wallet import apps\n",
    "okplatform/trade/planted.py": "from okplatform.web import apps\n",
    "wallet/planted.py": "def late():\n    from payments import apps\n",
    "wallet/models/planted.py": "from wallet.actions import planted\n",
    "wallet/actions/planted.py": "import wallet.helper\n",
    "wallet/helper.py": "import rest_framework\n",
    "wallet/codes.py": "import wallet.translated\n",
    "wallet/translated.py": "import django\n",
    "payments/planted.py": "from okplatform.local import services\n",
    "okplatform/local/planted.py": "from okplatform.kernel import apps\n",
}
CAUGHT = {
    "upward": "okplatform.kernel.planted -> wallet.apps (l.1)",
    "sideways": "okplatform.trade.planted -> okplatform.web.apps (l.1)",
    "inside a function": "wallet.planted -> payments.apps (l.2)",
    "from a lower room to a higher one": "wallet.models.planted -> wallet.actions.planted (l.1)",
    "REST in an action, through a helper": "wallet.helper -> rest_framework (l.1)",
    "Django in a pure module, through a helper": "wallet.translated -> django (l.1)",
    "the supervisor, from an app": "okplatform.local.services (l.1)",
    "an app, from the supervisor": "okplatform.local.planted -> okplatform.kernel.apps (l.1)",
}


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What lint-imports says about a copy of the tree with one import of each forbidden kind."""
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, copy / package, ignore=lambda _, names: {"__pycache__"} & set(names)
        )
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path, text in PLANTED.items():
        plant(copy, path, text)
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--no-cache", "--no-logo"],
        cwd=copy,
        env={**os.environ, "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("kind", CAUGHT)
def test_an_import_that_the_map_forbids_is_caught_and_its_line_named(
    kind: str, verdict: str
) -> None:
    assert CAUGHT[kind] in verdict


def test_actions_know_nothing_of_http() -> None:
    assert listed(web_in_actions(ROOT)) == ""


def test_an_action_that_reaches_http_through_a_helper_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "wallet/actions/enrol.py", "from wallet.helper import answer\n")
    plant(tmp_path, "wallet/helper.py", "def answer():\n    from django.http import HttpResponse\n")
    plant(tmp_path, "wallet/pages/home.py", "from django.http import HttpResponse\n")
    (found,) = web_in_actions(tmp_path)
    assert str(found) == (
        "wallet/actions/enrol.py:1: an action reaches the web: "
        "wallet.actions.enrol -> wallet.helper"
    )


def test_names_in_strings_point_down_the_map_too() -> None:
    assert listed(upward_names(ROOT)) == ""


def test_an_upper_app_reached_by_its_name_is_caught(tmp_path: Path) -> None:
    lines = (
        'apps.get_model("payments", "Payment")',
        'import_module("okplatform.parties.queries")',
        'import_string("merchants.checkout.pricing.price")',
        'get_model("auth.Group")',
    )
    plant(tmp_path, "wallet/queries.py", "\n".join(lines))
    plant(tmp_path, "demo/world.py", "\n".join(lines))
    assert [str(found) for found in upward_names(tmp_path)] == [
        "wallet/queries.py:1: reaches payments, which is not below, by its name",
        "wallet/queries.py:3: reaches merchants, which is not below, by its name",
    ]


def test_a_process_loads_nothing_heavy_that_only_few_need() -> None:
    """`make run` starts six at once: what each loads, somebody waits for six times."""
    heavy = {"xmlschema", "drf_spectacular.generators", "django.test", "numpy", "PIL.Image"}
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django, sys; django.setup(); print(*sys.modules, sep='\\n')",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(told.stdout.split())
    assert "payments.bankfiles.pain001" in loaded
    assert loaded & heavy == set()
