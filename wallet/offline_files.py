"""What the wallet needs of a release to open without a network: every file, by its hashed name.

The modules are found by following the imports of the pages' own, so that nobody keeps a list.
What is loaded only where it is needed (``import()``) is large: it is kept where a card needs it.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

from okplatform.web.importmap import MODULES, VENDOR
from okplatform.web.staticfiles import IMPORT

PAGES = ("offline-page", "wallet-code", "code-cards")
"""The modules that the pages begin with or soon load: all else follows from their imports."""

STYLES = ("ok", "wallet", "strip", "cards", "receipt", "card-form", "receipts")

IMPORTED = re.compile(r'^import\b[^;]*?"([^"]+)";', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OfflineFiles:
    """Addresses: ``always`` for every phone, ``rare`` for one with a card of a rare symbology.

    ``reader`` is for one on which cards are added by camera or photo. ``release`` changes with any
    of them.
    """

    always: tuple[str, ...]
    rare: tuple[str, ...]
    reader: tuple[str, ...]
    release: str


@cache
def offline_files() -> OfflineFiles:
    """Return the files of this release, found once per process."""
    paths = [
        "favicon.svg",
        *(f"css/{name}.css" for name in STYLES),
        *(_path_of(name) for name in sorted(modules_of((*PAGES, "shell")))),
    ]
    always = tuple(static(path) for path in paths)
    # bwip-js asks for its second half by the name without a hash.
    rare = (static(f"{VENDOR}/bwip-js.js"), f"{settings.STATIC_URL}{VENDOR}/bwipp.mjs")
    only = modules_of(("card-files",)) - modules_of((*PAGES, "shell"))
    reading = [_path_of(name) for name in sorted(only)]
    # Its second half it asks for by the name without a hash, as bwip-js does.
    packages = ("barcode-detector.js", "zxing-reader.wasm")
    reader = (
        *(static(path) for path in reading),
        *(static(f"{VENDOR}/{name}") for name in packages),
        f"{settings.STATIC_URL}{VENDOR}/zxing-exported.js",
    )
    release = _digest([*always, *rare, *reader, *paths, *reading])
    return OfflineFiles(always, rare, reader, release)


def modules_of(pages: tuple[str, ...]) -> set[str]:
    """Return the modules that these load before they begin; packages go by their own name."""
    found: set[str] = set()
    waiting = [f"ok/{name}" for name in pages]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name.startswith("ok/"):
            waiting += IMPORTED.findall(_source(_path_of(name)).read_text())
    return found | {"uqr"}


def parts_of(sheet: str) -> list[str]:
    """Return the sheets that a sheet is made of."""
    return IMPORT.findall(_source(f"css/{sheet}.css").read_text())


def _path_of(name: str) -> str:
    if name.startswith("ok/"):
        return f"{MODULES}/{name.removeprefix('ok/')}.js"
    return f"{VENDOR}/{name}.js"


def _source(path: str) -> Path:
    return Path(settings.BASE_DIR) / "static" / path


def _digest(names: list[str]) -> str:
    own = [path for path in names if path.startswith((MODULES, "css"))]
    said = hashlib.sha256("\n".join(names).encode())
    for path in [*own, *(f"css/{part}.css" for part in parts_of("ok"))]:
        # Where names have no hash (development), what is in the files makes the difference.
        said.update(_source(path).read_bytes())
    return said.hexdigest()[:16]
