"""Static files of packages: only those a page really loads."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from typing_extensions import override

from okplatform.web.importmap import VENDOR


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
