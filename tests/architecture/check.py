"""`make check`: every gate, one line each; what a failing gate said stands under its line.

Run it as `python -m tests.architecture.check`, or with the names of some steps behind it.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.gates.lengths import summary
from tests.architecture.gates.tree import ROOT

BIN = Path(sys.executable).parent
PYTHON = sys.executable
CONTRACT = "docs/openapi.yaml"
RULES = "docs/openapi-rules.yaml"
MOST_LINES = 60
GENERATED = ".local/check/openapi.yaml"


@dataclass(frozen=True, slots=True)
class Step:
    """Commands that must all succeed, and what to do when one does not."""

    name: str
    commands: Sequence[Sequence[str]]
    remedy: str

    def run(self, root: Path) -> str | None:
        """Run the commands in `root`; return None, or what the first failing one said."""
        for command in self.commands:
            done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
            if done.returncode:
                said = (done.stdout + done.stderr).strip().splitlines()
                if len(said) > MOST_LINES:
                    said = [f"{len(said) - MOST_LINES} lines before …", *said[-MOST_LINES:]]
                return "\n".join([*said, f"({' '.join(command)})", self.remedy])
        return None


def tool(name: str, *arguments: str) -> list[str]:
    """Return the command line of a tool of the virtual environment."""
    return [str(BIN / name), *arguments]


STEPS = (
    Step(
        "format",
        [tool("ruff", "format", "--check", "--output-format", "concise", ".")],
        "Write it as ruff does: make format",
    ),
    Step(
        "lint",
        [tool("ruff", "check", "--output-format", "concise", ".")],
        "Each rule and its exceptions: pyproject.toml",
    ),
    Step(
        "types",
        # The Django plugin does not notice in its cache that settings or models have changed.
        [["rm", "-rf", ".mypy_cache"], tool("mypy")],
        "Full types, strictly: pyproject.toml",
    ),
    Step(
        "architecture",
        [
            tool("lint-imports", "--no-logo"),
            tool("pytest", "--quiet", "-p", "no:randomly", "tests/architecture"),
        ],
        "The map and its rules: docs/map.md",
    ),
    Step(
        "migrations",
        [[PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]],
        "Write the missing migration: python manage.py makemigrations",
    ),
    Step(
        "templates",
        [
            tool("djlint", "--check", "templates"),
            tool("djlint", "--lint", "templates"),
            [PYTHON, "locale/texts.py", "check"],
        ],
        "Write them as djlint does (make format), and give every text its Dutch",
    ),
    Step(
        "api",
        [
            [
                PYTHON,
                "manage.py",
                "spectacular",
                "--validate",
                "--fail-on-warn",
                "--file",
                GENERATED,
            ],
            ["diff", "--unified", CONTRACT, GENERATED],
            # It would ask its makers whether there is a newer one, and tell them that it runs.
            [
                "env",
                "REDOCLY_TELEMETRY=off",
                "REDOCLY_SUPPRESS_UPDATE_NOTICE=true",
                "node_modules/.bin/redocly",
                "lint",
                f"--config={RULES}",
                CONTRACT,
            ],
            [PYTHON, "sdk/generate.py", "--check"],
        ],
        f"The contract has changed: make openapi sdk, and read the difference in {CONTRACT}; its"
        f" rules are {RULES}",
    ),
)


def main(names: Sequence[str]) -> int:
    """Run the steps, all or those named; return the exit status."""
    (ROOT / GENERATED).parent.mkdir(parents=True, exist_ok=True)
    failed = 0
    for step in STEPS:
        if names and step.name not in names:
            continue
        began = time.monotonic()
        said = step.run(ROOT)
        took = time.monotonic() - began
        failed += said is not None
        print(f"{'ok  ' if said is None else 'FAIL'} {step.name:<12} {took:5.1f} s", flush=True)
        if said is not None:
            print(said, flush=True)
    print(f"     {summary(ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
