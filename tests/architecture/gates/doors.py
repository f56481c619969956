"""Every address says who may pass: a view that names no permission is not open, it is a bug."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver

# Views of libraries guard themselves; whose they are, and how.
GUARDED_BY_OTHERS: Mapping[str, str] = {
    "allauth.": "sign-in itself; pages about an account ask for a session",
    "drf_spectacular.": "the API's document and nothing else: public",
    "django.contrib.admin.": "asks for a staff session",
    "django.contrib.staticfiles.": "public files",
    "django.views.static": "public files",
    "django.views.i18n": "public texts",
}


def views(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = "/"
) -> Iterator[tuple[str, Any]]:
    """Yield each address and its view class, or its function where it has no class."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, address)
        else:
            callback = pattern.callback
            yield (
                address,
                getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback,
            )


def unnamed_doors(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    """Name addresses whose view has no `required_permission` (pages) or `required_scope` (API)."""
    return [
        f"{address} ({view.__module__}.{view.__qualname__}) names no permission"
        for address, view in views(patterns)
        if not view.__module__.startswith(tuple(GUARDED_BY_OTHERS))
        and not getattr(view, "required_permission", None)
        and not getattr(view, "required_scope", None)
    ]
