"""Static files of packages, only those a page really loads; and how all go over the line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from typing_extensions import override
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from okplatform.web.importmap import MODULES, VENDOR

SHEETS = "css"
IMPORT = re.compile(r'^@import "([\w-]+)\.css";\n', re.MULTILINE)
"""How a sheet names another of ours, which then stands in its place: one request for all."""
COMMENT = re.compile(r"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE)
"""A comment on lines of its own; one that shares its line with code stays."""
SMALL_BYTES = 2**17


class AllauthFinder(AppDirectoriesFinder):
    """Finds allauth's own scripts; what other apps bring along no page of ours loads."""

    def __init__(self) -> None:
        super().__init__(app_names=["allauth.account", "allauth.mfa"])


class _Renamed(FileSystemStorage):
    """Serves files of node_modules under the names that pages use."""

    prefix = VENDOR

    def __init__(self) -> None:
        super().__init__(location=settings.BASE_DIR / "node_modules")
        self.files: dict[str, str] = settings.OK_VENDOR_FILES

    @override
    def path(self, name: str) -> str:
        """Return where the package keeps the file; ``KeyError`` when it is not exposed."""
        return str(Path(self.location) / self.files[name])


class VendorFinder(BaseFinder):
    """Finds npm's files of ``OK_VENDOR_FILES`` (name → path below node_modules): vendor/<name>."""

    def __init__(self) -> None:
        self.storage = _Renamed()

    @override
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file's real path, or an empty list."""
        folder, _, name = path.partition("/")
        if folder != VENDOR or name not in self.storage.files:
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    @override
    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield every exposed file, for collectstatic."""
        for name in self.storage.files:
            yield name, self.storage


class _Slim:
    """Opens our modules and sheets as phones get them: no comments, sheets with their parts."""

    def __init__(self, sources: Mapping[str, tuple[Storage, str]]) -> None:
        self._sources = sources

    def open(self, name: str) -> "ContentFile[bytes]":
        """Return the file that a release has under this name."""
        return ContentFile(self._text(name).encode(), name)

    def _text(self, name: str) -> str:
        storage, path = self._sources[name]
        with storage.open(path) as file:
            text = file.read().decode()
        if name.startswith(SHEETS):
            text = IMPORT.sub(lambda part: self._text(f"{SHEETS}/{part[1]}.css"), text)
        return slim(text)


def slim(text: str) -> str:
    """Return a module or a sheet without the comments on lines of their own: a fifth of its bytes.

    What else a minifier would do is worth nothing more once it is compressed.
    """
    return COMMENT.sub("", text)


class _QuickCompressor(Compressor):  # type: ignore[misc]  # the library has no types
    """Compresses by Brotli, the large ones less: in an eighth of the time, a fifth larger."""

    @staticmethod
    @override
    def compress_brotli(data: bytes) -> Any:
        return brotli.compress(data, quality=11 if len(data) < SMALL_BYTES else 9)


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types either
    """Names files by what is in them, and compresses them; a first start waits for it."""

    @override
    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        """Name and compress what phones get, which for our own is less than what we wrote."""
        own = (name for name in paths if name.startswith((f"{MODULES}/", f"{SHEETS}/")))
        source = _Slim(dict(paths))
        yield from super().post_process(
            paths | {name: (source, name) for name in own if name.endswith((".js", ".css"))},
            **options,
        )

    @override
    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Return what compresses."""
        return _QuickCompressor(**kwargs)
