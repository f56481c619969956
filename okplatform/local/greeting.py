"""What `make run` says once OK answers: where to go, and as whom to sign in."""

import json
from collections.abc import Iterator
from pathlib import Path

PLACES = {
    "Wallet": "/",
    "Till": "/till/",
    "Console": "/console/",
    "API": "/api/docs/",
}


def greet(base_url: str, *, demo: Path, seconds: float) -> str:
    """Return the greeting; `demo` is the file that load_demo writes, and may be missing."""
    places = [f"  {name:<9}{base_url}{path}" for name, path in PLACES.items()]
    return "\n".join(
        [
            f"OK runs after {seconds:.1f} s at {base_url}",
            "",
            *places,
            "",
            *_sign_ins(demo),
            f"Logs: {demo.parent}/*.log. Stop with Ctrl-C.",
        ]
    )


def _sign_ins(demo: Path) -> Iterator[str]:
    if not demo.exists():
        return
    world = json.loads(demo.read_text())
    yield "Sign in as"
    for person in world["people"]:
        yield f"  {person['email']:<36}{person['password']:<20}{person['name']}, shopper"
    for person in world["staff"]:
        role = f"{person['role']} of {person['merchant']}"
        yield f"  {person['email']:<36}{person['password']:<20}{person['name']}, {role}"
    yield f"{len(world['api_keys'])} API keys, and all of this for scripts: {demo}"
    yield ""
