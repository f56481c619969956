"""Rooms have the same names in every app; whatever is not a room has its line in docs/map.md."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.gates.tree import APPS, MADE_BY_MACHINES, Finding, label

MAP_FILE = "docs/map.md"
ROOMS = {
    "actions", "admin", "api", "apps", "console", "events", "gateways", "handlers", "hooks",
    "invariants", "management", "migrations", "models", "pages", "queries", "tasks", "templatetags",
    "urls",
}  # fmt: skip
TEST_ROOMS = {
    *map(label, APPS),
    "architecture",
    "browser",
    "concurrency",
    "contract",
    "local",
    "sdk",
    "support",
}
NAMED = re.compile(r"^\s*- `([^`]+)`: \S", re.MULTILINE)


def named_in_map(root: Path) -> set[str]:
    """Return the paths that have a line of their own in the map."""
    return {path.rstrip("/") for path in NAMED.findall((root / MAP_FILE).read_text())}


def _children(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for child in sorted(folder.iterdir()):
            if (
                child.suffix in ("", ".py")
                and child.name != "__init__.py"
                and child.name not in MADE_BY_MACHINES
            ):
                yield child


def _look_into(root: Path, folder: Path, named: set[str]) -> Iterator[Finding]:
    for child in _children(folder):
        path = child.relative_to(root).as_posix()
        if child.stem == "actions" and child.is_file():
            yield Finding(path, 1, "actions is a folder, one verb per file")
        elif child.stem in ROOMS:
            continue
        elif path not in named:
            yield Finding(path, 1, f"is neither a room nor named in {MAP_FILE}")
        elif child.is_dir() and any(inner.stem in ROOMS for inner in _children(child)):
            yield from _look_into(root, child, named)


def strange_rooms(root: Path) -> list[Finding]:
    """Name what lies in an app under a name that says neither room nor subject."""
    named = named_in_map(root)
    found = [finding for app in APPS for finding in _look_into(root, root / app, named)]
    found += [
        Finding(f"tests/{child.name}", 1, "tests lie in a folder named after their app")
        for child in _children(root / "tests")
        if child.is_dir() and child.name not in TEST_ROOMS
    ]
    return found


def untrue_map(root: Path) -> list[Finding]:
    """Name top folders that the map forgets, and lines of the map about what is not there."""
    named = named_in_map(root)
    tops = [
        child for top in (root, root / "okplatform") for child in top.iterdir() if _is_ours(child)
    ]
    forgotten = [
        Finding(path, 1, f"has no line in {MAP_FILE}")
        for path in sorted(child.relative_to(root).as_posix() for child in tops)
        if path not in named
    ]
    gone = [
        Finding(MAP_FILE, 1, f"names {path}, which is not there")
        for path in sorted(named)
        if not (root / path).exists()
    ]
    return forgotten + gone


def _is_ours(child: Path) -> bool:
    return (
        child.is_dir()
        and child.name not in MADE_BY_MACHINES
        and (child.name[0] != "." or child.name == ".ci")
    )
