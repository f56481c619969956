"""Templates extend shells, include components and their own parts, and nothing the CSP blocks."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.gates.tree import APPS, Finding, files, label

SHARED = {"shells", "components"}
# Folders and files whose names a library chose, and who looks for them there.
CHOSEN_BY_OTHERS: Mapping[str, str] = {
    "account": "allauth's sign-in pages",
    "mfa": "allauth's second factor pages",
    "400.html": "Django's own",
    "403.html": "Django's own",
    "403_csrf.html": "Django's own",
    "404.html": "Django's own",
    "500.html": "Django's own",
}
JOIN = re.compile(r"{%-?\s*(extends|include)\s+(\S+)")
BLOCKED = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:importmap|application/json)\")",
    re.IGNORECASE,
)


def _home(path: str) -> str:
    return path.split("/", 1)[0]


def _may_join(kind: str, home: str, target: str) -> bool:
    if kind == "extends":
        return target.startswith("shells/")
    return target.startswith("components/") or (
        home != "components" and target.startswith(f"{home}/")
    )


def _joins(path: str, number: int, text: str) -> Iterator[Finding]:
    for kind, quoted in JOIN.findall(text):
        target = quoted.strip("\"'")
        if target == quoted:
            yield Finding(
                f"templates/{path}",
                number,
                f"{kind} {quoted}: name the template itself, so that it can be checked",
            )
        elif not _may_join(kind, _home(path), target):
            allowed = "a shell" if kind == "extends" else "a component or a part of its own app"
            yield Finding(f"templates/{path}", number, f"{kind} {target}: only {allowed}")


def wrong_joins(root: Path) -> list[Finding]:
    """Name templates that reach into another app, and folders that belong to no app."""
    homes = {*map(label, APPS), *SHARED, *CHOSEN_BY_OTHERS}
    found = []
    for path, lines in _templates(root):
        if _home(path) not in homes:
            found.append(
                Finding(f"templates/{path}", 1, "belongs to no app: templates/<app label>/")
            )
        for number, text in enumerate(lines, 1):
            found.extend(_joins(path, number, text))
    return found


def blocked_by_csp(root: Path) -> list[Finding]:
    """Name inline scripts, styles and event attributes: the browser would refuse them."""
    found = []
    for path, lines in _templates(root):
        text = "\n".join(lines)
        for blocked in BLOCKED.finditer(text):
            line = text.count("\n", 0, blocked.start()) + 1
            found.append(Finding(f"templates/{path}", line, "inline: the CSP blocks it"))
    return found


def _templates(root: Path) -> Iterator[tuple[str, list[str]]]:
    for path in files(root, ".html", ".txt", ".svg", under=("templates",)):
        yield path.relative_to(root / "templates").as_posix(), path.read_text().splitlines()
