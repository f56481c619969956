"""Root, an ordinary user, one without a name, root without namespaces: all get a database."""

import json
import os
import site
import subprocess
import sys
from pathlib import Path

import pytest

from okplatform.local.environment import ROOT
from tests.local.users import another_user

NOBODY = 65534
NAMELESS = 54_321
SYSTEM_PYTHON = "/usr/bin/python3.11"


def requires_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")


def as_user(uid: int) -> list[str]:
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]


def python_for_everybody() -> str:
    """Return a Python that other users may run: one below root's home is not."""
    asked = "import json, sys; print(json.dumps(sys.version_info[:2]))"
    for python in (sys.executable, SYSTEM_PYTHON):
        # Through a shell: setpriv itself still has root's rights when it starts something.
        command = [*as_user(NOBODY), "sh", "-c", f"exec {python} -c '{asked}'"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.stdout.strip() == json.dumps(sys.version_info[:2]):
            return python
    pytest.skip("no Python of this version that other users may run")


@pytest.mark.parametrize("uid", [NOBODY, NAMELESS], ids=["with a name", "without a name"])
def test_an_ordinary_user_gets_a_database(empty_base: Path, uid: int) -> None:
    requires_root()
    python = python_for_everybody()
    os.chown(empty_base, uid, uid)
    packages = os.pathsep.join([str(ROOT), *site.getsitepackages()])
    environment = {**os.environ, "PYTHONPATH": packages}
    with another_user(
        empty_base, prefix=as_user(uid), python=python, environment=environment
    ) as user:
        assert user.hears() == "joined"
        assert (empty_base / "postgres").stat().st_uid == uid
        user.leaves()
    assert not (empty_base / "postgres" / "postmaster.pid").exists()


def test_root_gets_a_database_without_giving_its_files_away(empty_base: Path) -> None:
    requires_root()
    with another_user(empty_base) as user:
        assert user.hears() == "joined"
        assert (empty_base / "postgres").stat().st_uid == 0
        user.leaves()


def test_root_gets_a_database_where_user_namespaces_are_forbidden(
    empty_base: Path, tmp_path: Path
) -> None:
    requires_root()
    for name in ("setpriv", "test"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    with another_user(empty_base, environment={**os.environ, "PATH": str(tmp_path)}) as user:
        assert user.hears() == "joined"
        assert (empty_base / "postgres").stat().st_uid == NOBODY
        user.leaves()


def test_a_folder_that_postgresql_cannot_reach_is_one_sentence(
    empty_base: Path, tmp_path: Path
) -> None:
    requires_root()
    for name in ("setpriv", "test"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    empty_base.chmod(0o700)
    with another_user(empty_base, environment={**os.environ, "PATH": str(tmp_path)}) as user:
        assert "move OK out of a closed home folder" in user.hears()
