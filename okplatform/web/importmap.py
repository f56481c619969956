"""The import map says which address a module's name stands for: hashed names without a bundler.

Modules of ours are ``ok/<name>`` (static/js/<name>.js), packages from npm go by their own name
(``OK_VENDOR_FILES``). Import by these names only: a relative import would load the unhashed copy
beside the hashed one, twice in memory.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

MODULES = "js"
VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class ImportMap:
    """The map as it stands in the page, and the CSP source that allows exactly this text."""

    text: str
    csp_source: str


@cache
def import_map() -> ImportMap:
    """Return the map of this release, computed once per process."""
    imports = {f"ok/{path.stem}": static(f"{MODULES}/{path.name}") for path in _modules()}
    packages = [name for name in settings.OK_VENDOR_FILES if name.endswith(".js")]
    imports |= {name.removesuffix(".js"): static(f"{VENDOR}/{name}") for name in packages}
    text = json.dumps({"imports": imports}, sort_keys=True, separators=(",", ":"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return ImportMap(text=text, csp_source=f"'sha256-{digest}'")


def _modules() -> list[Path]:
    """Return our own modules, by name."""
    return sorted((settings.BASE_DIR / "static" / MODULES).glob("*.js"))
