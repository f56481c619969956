"""Words that stand in no file: marks of unfinished work, registry hosts, paths of a machine."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.gates.tree import Finding, files, relative

WRITTEN = (
    ".css", ".html", ".in", ".js", ".json", ".md", ".mjs", ".po", ".py", ".sh", ".sql", ".svg",
    ".toml", ".txt", ".yaml", ".yml", "Makefile", "run",
)  # fmt: skip

# Built from pieces, so that this file does not break its own rule.
MARKS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
WAITS = re.compile("wait_for_" + "timeout")
HOSTS = re.compile(
    "|".join(
        (
            r"py" r"pi\.(?:org|python)",
            r"python" r"hosted\.",
            r"registry\.(?:npm" r"js|yarn" r"pkg)",
            r"npm" r"js\.org",
            r"deb\." r"debian",
            r"docker" r"\.io/",
        )
    )
)
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users)/[\w.-]+")


def lines(root: Path) -> Iterator[tuple[str, int, str]]:
    """Yield the path, number and text of every line somebody wrote."""
    hidden = [path for path in (root / ".npmrc", root / ".ci" / "run") if path.exists()]
    for path in [*files(root, *WRITTEN), *hidden]:
        if "/vendor/" in path.as_posix():
            continue
        for number, text in enumerate(path.read_text(errors="replace").splitlines(), 1):
            yield relative(root, path), number, text


def unfinished(root: Path) -> list[Finding]:
    """Name marks of unfinished work: do it, or write it down where work is planned."""
    return [
        Finding(path, number, "a mark of unfinished work")
        for path, number, text in lines(root)
        if MARKS.search(text) and not path.startswith("requirements/")
    ]


def waits(root: Path) -> list[Finding]:
    """Name the browser's waits of a fixed length in tests; ruff names Python's."""
    return [
        Finding(path, number, "waits a fixed time: wait for what must happen")
        for path, number, text in lines(root)
        if path.startswith("tests/") and WAITS.search(text)
    ]


def addresses(root: Path) -> list[Finding]:
    """Name registry hosts and absolute paths of a machine: a checkout works anywhere."""
    here = re.escape(f"{root.parent.as_posix()}/") if root.parent != root.parent.parent else None
    return [
        Finding(path, number, "names a registry's host or a path of one machine")
        for path, number, text in lines(root)
        if HOSTS.search(text) or MACHINE.search(text) or (here and re.search(here, text))
    ]
