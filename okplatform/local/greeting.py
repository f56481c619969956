"""What `make run` says once OK answers: where to go, and as whom to sign in."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# The merchant whose live page has most to show.
SHOWN = -1


def greet(base_url: str, *, demo: Path, seconds: float) -> str:
    """Return the greeting; `demo` is the file that load_demo writes."""
    world = json.loads(demo.read_text())
    merchant = world["staff"][SHOWN]["merchant"]
    return "\n".join(
        [
            f"OK runs after {seconds:.1f} s at {base_url}",
            "",
            f"  Wallet   {base_url}/",
            f"  Till     {base_url}/till/",
            f"  Console  {base_url}/console/{merchant}/live/",
            f"  API      {base_url}/api/docs/",
            "",
            "Sign in as",
            *_sign_ins(world),
            "",
            f"Shoppers confirm a larger payment (above € 50) with PIN {world['people'][0]['pin']}.",
            f"{len(world['api_keys'])} API keys, and all of this for scripts: {demo}",
            f"Logs: {demo.parent}/*.log. Stop with Ctrl-C.",
        ]
    )


def _sign_ins(world: Mapping[str, Any]) -> Iterator[str]:
    for person in world["people"]:
        yield _sign_in(person, "shopper")
    for person in world["staff"]:
        yield _sign_in(person, f"{person['role']} of {person['merchant']}")


def _sign_in(person: Mapping[str, str], what: str) -> str:
    return f"  {person['email']:<34}{person['password']:<18}{person['name']}, {what}"
