"""How long a file and a function may be: a room one can see across."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.gates.tree import PACKAGES, Finding, files, relative

FILE_LINES = 400
FUNCTION_LINES = 50

# path, or path::function, and why it is one piece.
ALLOWED: Mapping[str, str] = {}

# Nobody writes in it: `make sdk` makes it from the contract, and the gate compares.
MADE = "sdk/python/ok_till/models.py"


@dataclass(frozen=True, order=True, slots=True)
class Piece:
    """A file or a function with its length; ``key`` is what ALLOWED calls it."""

    lines: int
    limit: int
    path: str
    line: int
    key: str


def pieces(root: Path) -> Iterator[Piece]:
    """Measure every file of ours and every function in it; what a program wrote is left out."""
    for path in files(
        root,
        ".py",
        ".js",
        ".css",
        ".html",
        ".sql",
        under=(*PACKAGES, "sdk", "tests", "static", "templates"),
    ):
        name = relative(root, path)
        if "/migrations/0" in name or "/vendor/" in name or name == MADE:
            continue
        text = path.read_text()
        yield Piece(text.count("\n"), FILE_LINES, name, 1, name)
        if path.suffix == ".py":
            yield from _functions(name, ast.parse(text))


def _functions(name: str, tree: ast.Module) -> Iterator[Piece]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Piece(lines, FUNCTION_LINES, name, node.lineno, f"{name}::{node.name}")


def too_long(root: Path, allowed: Mapping[str, str] = ALLOWED) -> list[Finding]:
    """Name what is too long without a reason, and reasons that are no longer needed."""
    long = {piece.key: piece for piece in pieces(root) if piece.lines > piece.limit}
    found = [
        Finding(
            piece.path,
            piece.line,
            f"{piece.lines} lines; the limit is {piece.limit}: two rooms, or a reason",
        )
        for key, piece in long.items()
        if key not in allowed
    ]
    stale = [
        Finding(key, 1, "is short again: take its reason away")
        for key in allowed
        if key not in long
    ]
    return sorted(found + stale)


def summary(root: Path) -> str:
    """Say in one line how long the longest file and the longest function are."""
    measured = list(pieces(root))
    file = max(piece for piece in measured if piece.limit == FILE_LINES)
    function = max(piece for piece in measured if piece.limit == FUNCTION_LINES)
    return (
        f"longest file {file.key} {file.lines} of {FILE_LINES} lines, "
        f"longest function {function.key} {function.lines} of {FUNCTION_LINES}"
    )
