"""What every gate looks at: the files of a checkout, and what a gate says about one of them."""

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from typing_extensions import override

ROOT = Path(__file__).resolve().parents[3]

# The map of docs/map.md, lowest first; neighbours on one line do not see each other.
MAP: tuple[tuple[str, ...], ...] = (
    ("okplatform/kernel",),
    ("okplatform/parties",),
    ("okplatform/trade", "okplatform/web"),
    ("wallet",),
    ("payments",),
    ("loyalty",),
    ("merchants",),
    ("demo",),
    ("bench",),
)
APPS = tuple(app for line in MAP for app in line)
PACKAGES = ("okplatform", "wallet", "payments", "loyalty", "merchants", "demo", "bench")

MADE_BY_MACHINES = {
    "node_modules",
    "staticfiles",
    "test-results",
    "__pycache__",
}


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One breach of a rule: where, and what to do."""

    path: str
    line: int
    says: str

    @override
    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


def files(root: Path, *suffixes: str, under: tuple[str, ...] = ("",)) -> Iterator[Path]:
    """Yield the files people wrote below `under`; hidden and generated folders are left out."""
    for top in under:
        for folder, names, found in os.walk(root / top):
            names[:] = sorted(n for n in names if n not in MADE_BY_MACHINES and n[0] != ".")
            for name in sorted(found):
                if not suffixes or name.endswith(suffixes):
                    yield Path(folder, name)


@cache
def modules(root: Path) -> list[tuple[str, ast.Module]]:
    """Return the relative path and the syntax tree of every module of ours, tests left out."""
    return [
        (relative(root, path), ast.parse(path.read_text(), filename=str(path)))
        for path in files(root, ".py", under=PACKAGES)
    ]


def relative(root: Path, path: Path) -> str:
    """Return the path as the map writes it."""
    return path.relative_to(root).as_posix()


def app_of(path: str) -> str | None:
    """Return the app that a relative path lies in, or None outside every app."""
    return next((app for app in APPS if path.startswith(f"{app}/")), None)


def label(app: str) -> str:
    """Return Django's label of an app: the last part of its path."""
    return app.rsplit("/", 1)[-1]


def height(app_label: str) -> int | None:
    """Return the line of the map an app label stands on, or None for an app that is not ours."""
    return next((at for at, line in enumerate(MAP) if app_label in map(label, line)), None)


def listed(findings: Iterable[object]) -> str:
    """Return what was found, one line each: nothing for a clean tree."""
    return "\n".join(map(str, findings))


def plant(root: Path, path: str, text: str) -> Path:
    """Write a file below `root`: how a test breaks a gate on purpose."""
    planted = root / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text)
    return planted
