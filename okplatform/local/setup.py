"""`make setup`: install what OK needs from its lock files, and nothing that is there already.

`python3 -m okplatform.local.setup [run|commands|tests]` installs for `make run`, for every
`manage.py` command besides (the default), or for tests besides. It runs on the machine's own
Python, so only the standard library and modules without other needs are imported here.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from okplatform.local.errors import LocalError, require_disk_space

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
CATALOGUE = ROOT / "locale" / "nl" / "LC_MESSAGES"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
NEEDED_BYTES = 1536 * 2**20
# What is installed for which purpose; each holds the ones before it.
LOCKS = {"run": "local.txt", "commands": "data.txt", "tests": "dev.txt"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: Sequence[str]) -> int:
    """Install; return the exit code."""
    try:
        purpose = arguments[0] if arguments else "commands"
        _install_python_packages(purpose)
        _install_node_packages(purpose)
        _compile_texts()
        if purpose == "tests":
            _install_browser()
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _install_python_packages(purpose: str) -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        raise LocalError(f"OK needs Python 3.11 or newer, and this is {found}.")
    wider = list(LOCKS)[list(LOCKS).index(purpose) :]
    if any(_is_current(_stamp(each), _locked(each)) for each in wider):
        return
    locked = _locked(purpose)
    require_disk_space(ROOT, needed=NEEDED_BYTES)
    if not (VENV / "bin" / "python").exists():
        _make_venv()
    print(f"Installing the packages of requirements/{locked.name} …", flush=True)
    pip: list[str | Path] = [
        VENV / "bin" / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
    ]
    _run([*pip, "-qq", "--require-hashes", "-r", locked])
    _mark(_stamp(purpose), locked)


def _locked(purpose: str) -> Path:
    return ROOT / "requirements" / LOCKS[purpose]


def _stamp(purpose: str) -> Path:
    return VENV / f".installed-{purpose}"


def _make_venv() -> None:
    print("Making .venv …", flush=True)
    try:
        _run([sys.executable, "-m", "venv", VENV])
    except LocalError as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise LocalError(
            "Python could not make a virtual environment: on Debian, apt-get install python3-venv."
        ) from error


def _install_node_packages(purpose: str) -> None:
    locked = ROOT / "package-lock.json"
    served, measured = (ROOT / "node_modules" / name for name in (".installed", ".installed-tests"))
    for_tests = purpose == "tests"
    if _is_current(measured, locked) or (not for_tests and _is_current(served, locked)):
        return
    _require_node()
    print("Installing the packages of package-lock.json …", flush=True)
    # What measures pages is thirty times what they load: who only runs OK does not wait for it.
    omitted = [] if for_tests else ["--omit=dev"]
    _run(["npm", "ci", "--ignore-scripts", "--no-progress", "--loglevel=error", *omitted])
    _mark(measured if for_tests else served, locked)


def _require_node() -> None:
    how = "install Node.js 20 or newer with npm (Debian 13: apt-get install nodejs npm)."
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise LocalError(f"Node.js is missing: {how}")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", said)
    if major is None or int(major[1]) < OLDEST_NODE:
        raise LocalError(f"Node.js {said.strip() or 'of unknown version'} is too old: {how}")


def _compile_texts() -> None:
    source, compiled = CATALOGUE / "django.po", CATALOGUE / "django.mo"
    is_compiled = compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime
    if source.exists() and not is_compiled:
        _run([VENV / "bin" / "python", ROOT / "locale" / "texts.py", "compile"])


def _install_browser() -> None:
    if any(shutil.which(name) for name in BROWSERS):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise LocalError(
            "The browser tests need Chromium: on Debian, as root, apt-get install chromium."
        )
    print("Installing Chromium …", flush=True)
    _run(["apt-get", "update", "-qq"])
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])


def _run(command: Sequence[str | Path]) -> None:
    """Run a command that speaks for itself; raises LocalError when it fails."""
    if subprocess.run(list(map(str, command)), cwd=ROOT, check=False).returncode != 0:
        name = " ".join(Path(word).name for word in command[:4])
        raise LocalError(f"`{name} …` failed; the reason stands above.")


def _is_current(stamp: Path, locked: Path) -> bool:
    return stamp.exists() and stamp.read_text() == _fingerprint(locked)


def _mark(stamp: Path, locked: Path) -> None:
    stamp.write_text(_fingerprint(locked))


def _fingerprint(locked: Path) -> str:
    return hashlib.sha256(locked.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
