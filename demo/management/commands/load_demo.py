"""``manage.py load_demo``: the demo world, or what is missing of it."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from demo.guard import refuse_production
from demo.loading import hurry
from demo.loading.world import load_world
from okplatform.kernel import clock
from okplatform.local.environment import LOCAL

BASE_URL = "http://localhost:8000"


class Command(BaseCommand):
    """Load the demo world and write who may sign in where (docs/demo.md)."""

    help = "Load the demo world, or catch up with the present when it is there."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be chosen."""
        parser.add_argument(
            "--file",
            type=Path,
            default=LOCAL / "demo.json",
            help="where to write the sign-ins and API keys (default: .local/demo.json)",
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, then write the file."""
        refuse_production()
        hurry()
        began = monotonic()
        path: Path = options["file"]
        known = json.loads(path.read_text())["api_keys"] if path.exists() else []
        world = load_world(known, clock.now(), self.stdout.write)
        base_url = os.environ.get("BASE_URL", BASE_URL)
        write_privately(path, json.dumps({"base_url": base_url} | world, indent=2) + "\n")
        self.stdout.write(f"The demo world is there after {monotonic() - began:.1f} s: {path}")


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner can read; it is there whole, or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)
